"""The edge to the national API: HTTP, logins, and the order of calls that never posts blindly twice."""
