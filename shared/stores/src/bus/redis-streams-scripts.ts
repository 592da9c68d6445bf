import { RedisScript } from '../cache/redis-script.js';

/* All keys of a topic share the hash tag `{topic}`, so each script touches one slot. KEYS and names: see `redis-streams-layout.ts`. */

/** KEYS: meta. ARGV: partitions wanted. Answers how many the topic has: what was first asked for. */
export const partitionsScript = new RedisScript(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`);

/** KEYS: streams. ARGV: group, id to start at. Creates the group where it is missing, in one step for all partitions. */
export const createGroupScript = new RedisScript(`
for _, stream in ipairs(KEYS) do
  local answer = redis.pcall('XGROUP', 'CREATE', stream, ARGV[1], ARGV[2], 'MKSTREAM')
  if type(answer) == 'table' and answer.err and not string.find(answer.err, 'BUSYGROUP', 1, true) then return answer end
end
return 'OK'
`);

/**
 * KEYS: members, then one lease per partition. ARGV: member, leaseMs, partitions to give up, comma-separated.
 * Says that the member lives, forgets members that do not, gives up and renews leases, and takes free ones up to a fair share.
 * Answers how many members there are and the partitions held.
 */
export const leaseScript = new RedisScript(`
local member, leaseMs = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + leaseMs), member)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], leaseMs * 2)
local members = redis.call('ZCARD', KEYS[1])
local share = math.ceil((#KEYS - 1) / members)
local givenUp = {}
for partition in string.gmatch(ARGV[3], '%d+') do givenUp[tonumber(partition)] = true end
local held, free = {}, {}
for partition = 0, #KEYS - 2 do
  local lease = KEYS[partition + 2]
  local holder = redis.call('GET', lease)
  if holder == member and givenUp[partition] then
    redis.call('DEL', lease)
  elseif holder == member then
    redis.call('PEXPIRE', lease, leaseMs)
    held[#held + 1] = partition
  elseif not holder then
    free[#free + 1] = partition
  end
end
for _, partition in ipairs(free) do
  if #held >= share then break end
  redis.call('SET', KEYS[partition + 2], member, 'PX', leaseMs)
  held[#held + 1] = partition
end
return {members, held}
`);

/** KEYS: members, then leases. ARGV: member. Gives everything up. */
export const leaveScript = new RedisScript(`
redis.call('ZREM', KEYS[1], ARGV[1])
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 'OK'
`);

/**
 * KEYS: streams. ARGV: group. Messages not acknowledged: those pending and those not delivered yet. Redis does not know the latter
 * (https://redis.io/docs/latest/commands/xinfo-groups/, "lag") when entries were deleted since; they are counted then, up to 100,000.
 */
export const lagScript = new RedisScript(`
local total = 0
for _, stream in ipairs(KEYS) do
  if redis.call('EXISTS', stream) == 1 then
    for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
      local info = {}
      for i = 1, #flat, 2 do info[flat[i]] = flat[i + 1] end
      if info.name == ARGV[1] then
        total = total + info.pending
        if info.lag then
          total = total + info.lag
        else
          local last, seen = info['last-delivered-id'], 0
          repeat
            local page = redis.call('XRANGE', stream, '(' .. last, '+', 'COUNT', 1000)
            seen = seen + #page
            if #page > 0 then last = page[#page][1] end
          until #page < 1000 or seen >= 100000
          total = total + seen
        end
      end
    end
  end
end
return total
`);
