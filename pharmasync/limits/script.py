"""The script that admits calls, run by Redis as one step: all times in microseconds by Redis's own clock.

The calls under way are sorted sets of holders, overall and one a shop, scored by when each ends at the latest: the
slots of a worker that was killed come free by themselves. The rate is one number, the moment that is free for the next
call (GCRA, the generic cell rate algorithm, without a burst): who is admitted has reserved a moment, and waits for it
at home. What a cap refuses reserves nothing.

Who finds no slot stands in a line, in the order of coming: its shop's, or that of all. Whoever gives a slot back runs
this script, and it calls in who stands first: that one's process hears of it on its channel, and need not ask again.
A process that hears nothing any more is passed over.

KEYS: the rate, the calls, the line. A shop's calls and its line are named after these. Not for a Redis Cluster, which
counts the listeners of one node only.
ARGV: see ``SharedLimits``; the holders that give back; the callers; how long each caller has waited. A holder, and a
caller, is "process:number:shop".

Returns the time and, for each caller in turn, the moment it may call, or one of the refusals. It is shorter where the
rest need not be looked at, since the next moment is a good while off. Who is called in is told "number wait shop", the
wait in microseconds, or a refusal.
"""

from pharmasync.limits.ticket import Admitted, Answer, Refusal

REFUSALS = {-1: Refusal.SHOP, -2: Refusal.OVERALL, -3: Refusal.RATE}


def as_answer(number: int) -> Answer:
    """What the script says of a caller: a refusal, or the microseconds until it may call."""
    return REFUSALS[number] if number < 0 else Admitted(number / 1e6)


ADMIT = """
local RATE, CALLS, LINE = KEYS[1], KEYS[2], KEYS[3]
local spacing, max_calls, max_calls_per_shop = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local longest_call, patience, ahead = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local channel, given_back = ARGV[7], tonumber(ARGV[8])
local callers = (#ARGV - 8 - given_back) / 2

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- tostring() would round a time in microseconds
local function whole(number)
  return string.format('%.0f', number)
end

local function parts(holder)
  return string.match(holder, '^([^:]*):(%d+):(.*)$')
end

local function of_shop(key, holder)
  local _, _, shop = parts(holder)
  return key .. ':' .. shop
end

local function forget(holder)
  redis.call('ZREM', CALLS, holder)
  redis.call('ZREM', of_shop(CALLS, holder), holder)
  redis.call('ZREM', LINE, holder)
  redis.call('ZREM', of_shop(LINE, holder), holder)
end

local left = {}

local function room(calls, limit)
  if limit == 0 then return math.huge end
  if not left[calls] then
    redis.call('ZREMRANGEBYSCORE', calls, '-inf', whole(now))
    left[calls] = limit - redis.call('ZCARD', calls)
  end
  return left[calls]
end

local function take(calls, limit, holder, moment)
  if limit == 0 then return end
  left[calls] = room(calls, limit) - 1
  redis.call('ZADD', calls, whole(moment + longest_call), holder)
  redis.call('PEXPIRE', calls, whole((longest_call + patience) / 1000))
end

-- No moment is given out further ahead than the patience: a rate key that says more was written before the clock
-- was set back, or under a slower rate.
local function next_moment()
  if spacing == 0 then return now end
  local free = tonumber(redis.call('GET', RATE) or 0)
  if free > now + patience + spacing then return now end
  return math.max(free, now)
end

local function admit(holder, moment)
  if spacing > 0 then
    redis.call('SET', RATE, whole(moment + spacing), 'PX', whole((moment + spacing - now) / 1000 + 1))
  end
  take(of_shop(CALLS, holder), max_calls_per_shop, holder, moment)
  take(CALLS, max_calls, holder, moment)
end

local function stand(line, holder, since)
  redis.call('ZADD', line, 'NX', whole(since), holder)
  redis.call('PEXPIRE', line, whole(patience / 1000))
end

local function drop_who_lost_patience(line)
  redis.call('ZREMRANGEBYSCORE', line, '-inf', whole(now - patience))
end

-- As many of a shop as it has slots wait for one overall, in their old places.
local function step_over(shop_line, shop_calls)
  local free = room(shop_calls, max_calls_per_shop)
  if free == math.huge or free <= 0 then return end
  drop_who_lost_patience(shop_line)
  local first = redis.call('ZRANGE', shop_line, 0, free - 1, 'WITHSCORES')
  for place = 1, #first, 2 do
    redis.call('ZREM', shop_line, first[place])
    stand(LINE, first[place], first[place + 1])
  end
end

local function tell(holder, answer)
  local process, number, shop = parts(holder)
  return redis.call('PUBLISH', channel .. process, number .. ' ' .. whole(answer) .. ' ' .. shop) > 0
end

local function call_in(holder, since)
  if room(of_shop(CALLS, holder), max_calls_per_shop) <= 0 then
    stand(of_shop(LINE, holder), holder, since)
    return
  end
  local moment = next_moment()
  if moment > now and moment - since > patience then
    tell(holder, -3)
  elseif tell(holder, moment - now) then
    admit(holder, moment)
  end
end

local function call_in_all()
  drop_who_lost_patience(LINE)
  while room(CALLS, max_calls) > 0 do
    local first = redis.call('ZRANGE', LINE, 0, 0, 'WITHSCORES')
    if not first[1] then return end
    redis.call('ZREM', LINE, first[1])
    call_in(first[1], tonumber(first[2]))
  end
end

-- A trip that is made again since its answer was lost, or since a call was not heard, finds its slot taken.
local function admitted_before(holder)
  local ends = redis.call('ZSCORE', CALLS, holder) or redis.call('ZSCORE', of_shop(CALLS, holder), holder)
  return ends and math.max(now, ends - longest_call)
end

local function ask(holder, waited, since)
  local moment = admitted_before(holder)
  if moment then return moment end
  if room(of_shop(CALLS, holder), max_calls_per_shop) <= 0 then
    stand(of_shop(LINE, holder), holder, since)
    return -1
  end
  if room(CALLS, max_calls) <= 0 then
    stand(LINE, holder, since)
    return -2
  end
  moment = next_moment()
  if moment > now and moment - now > patience - waited then return -3 end
  admit(holder, moment)
  return moment
end

for place = 9, 8 + given_back do
  forget(ARGV[place])
end
for place = 9, 8 + given_back + callers do
  step_over(of_shop(LINE, ARGV[place]), of_shop(CALLS, ARGV[place]))
end
call_in_all()

local answers = {now}
-- The places of those who come by one trip follow each other: a microsecond is a place.
for place = 9 + given_back, 8 + given_back + callers do
  local answer = ask(ARGV[place], tonumber(ARGV[place + callers]), now + place)
  table.insert(answers, answer)
  if answer > now + ahead then break end
end
return answers
"""
