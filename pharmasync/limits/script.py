"""The script that admits calls, run by Redis as one step: all times in microseconds by Redis's own clock.

The calls under way are sorted sets of holders, overall and one a shop, scored by when each ends at the latest: the
slots of a worker that was killed come free by themselves. The rate is one number, the moment that is free for the next
call (GCRA, the generic cell rate algorithm, without a burst): who is admitted has reserved a moment, and waits for it
at home. What a cap refuses reserves nothing.

A process that gives a slot back mostly takes it again at once, and another could starve beside it. So one that has not
been served for a while may claim to be first: until it is served, or not heard of for three polls, the others leave it
a slot.

KEYS: the rate, the calls, a shop's calls for each slot that is given back, a shop's calls for each caller.
ARGV: see ``SharedLimits``; for each slot its holder; for each caller its holder, how long it has waited, and whether
it, and whether its shop, is starving (1) or not (0).

Returns the time and, for each caller in turn, two numbers: the moment it may call, or one of the refusals; and whether
half of the slots are left (1) or not (0). It is shorter where the rest need not be looked at, since no slot is left or
the next moment is a good while off.
"""

REFUSED_BY_SHOP = -1
REFUSED_BY_CALLS = -2
REFUSED_BY_RATE = -3

ADMIT = """
local RATE, CALLS = KEYS[1], KEYS[2]
local spacing, max_calls, max_calls_per_shop = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local longest_call, patience, ahead = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local first_for, process, given_back = ARGV[7], ARGV[8], tonumber(ARGV[9])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- tostring() would round a time in microseconds
local function whole(number)
  return string.format('%.0f', number)
end

local function give_back(shop_calls, holder)
  redis.call('ZREM', CALLS, holder)
  redis.call('ZREM', shop_calls, holder)
end

local function room(calls, limit, starving)
  if limit == 0 then return math.huge end
  redis.call('ZREMRANGEBYSCORE', calls, '-inf', whole(now))
  local left = limit - redis.call('ZCARD', calls)
  local first = redis.call('GET', 'first:' .. calls)
  if first and first ~= process then left = left - 1 end
  if left <= 0 and starving == '1' and (not first or first == process) then
    redis.call('SET', 'first:' .. calls, process, 'PX', first_for)
  end
  return left
end

local function take(calls, limit, holder, moment)
  if limit == 0 then return end
  redis.call('ZADD', calls, whole(moment + longest_call), holder)
  redis.call('PEXPIRE', calls, whole((longest_call + patience) / 1000))
  if redis.call('GET', 'first:' .. calls) == process then redis.call('DEL', 'first:' .. calls) end
end

-- No moment is given out further ahead than the patience: a rate key that says more was written before the clock
-- was set back, or under a slower rate.
local function next_moment()
  if spacing == 0 then return now end
  local free = tonumber(redis.call('GET', RATE) or 0)
  if free > now + patience + spacing then return now end
  return math.max(free, now)
end

local function reserve(moment)
  if spacing == 0 then return end
  redis.call('SET', RATE, whole(moment + spacing), 'PX', whole((moment + spacing - now) / 1000 + 1))
end

local function admit(shop_calls, holder, waited, starving, shop_starving)
  -- a trip that is made again since its answer was lost must not find its own slot taken
  give_back(shop_calls, holder)
  local of_shop = room(shop_calls, max_calls_per_shop, shop_starving)
  if of_shop <= 0 then return -1, 0 end
  local overall = room(CALLS, max_calls, starving)
  if overall <= 0 then return -2, 0 end
  local moment = next_moment()
  if moment > now and moment - now > patience - waited then return -3, 0 end
  reserve(moment)
  take(CALLS, max_calls, holder, moment)
  take(shop_calls, max_calls_per_shop, holder, moment)
  local roomy = 2 * (of_shop - 1) >= max_calls_per_shop and 2 * (overall - 1) >= max_calls
  return moment, roomy and 1 or 0
end

for place = 1, given_back do
  give_back(KEYS[2 + place], ARGV[9 + place])
end

local answers = {now}
for place = 1, #KEYS - 2 - given_back do
  local at = 9 + given_back + 4 * (place - 1)
  local shop_calls = KEYS[2 + given_back + place]
  local answer, roomy = admit(shop_calls, ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4])
  answers[2 * place], answers[2 * place + 1] = answer, roomy
  if answer == -2 or answer > now + ahead then break end
end
return answers
"""
