import { RedisScript } from '../cache/redis-script.js';

/* All keys of a topic share the hash tag `{topic}`, so each script touches one slot. KEYS and names: see `redis-streams-layout.ts`. */

/** KEYS: meta. ARGV: partitions wanted. Answers how many the topic has: what was first asked for. */
export const partitionsScript = new RedisScript(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`);

/**
 * Lua that the scripts below share. Ids are `<ms>-<sequence>` and compared by their parts. `groupsOf` answers the groups of a stream, each with
 * `needs`: the id it has to keep, itself or a later one; what lies before it is acknowledged.
 */
const IDS = `
local function parts(id) local ms, sequence = string.match(id, '^(%d+)-(%d+)$') return tonumber(ms), tonumber(sequence) end
local function before(left, right)
  local leftMs, leftSequence = parts(left)
  local rightMs, rightSequence = parts(right)
  return leftMs < rightMs or (leftMs == rightMs and leftSequence < rightSequence)
end
local function preceding(id)
  local ms, sequence = parts(id)
  if sequence > 0 then return string.format('%.0f-%.0f', ms, sequence - 1) end
  return string.format('%.0f-18446744073709551615', math.max(ms - 1, 0))
end
local function groupsOf(stream)
  local groups = {}
  if redis.call('EXISTS', stream) == 0 then return groups end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = {}
    for i = 1, #flat, 2 do info[flat[i]] = flat[i + 1] end
    local group = { name = info.name, pending = info.pending, last = info['last-delivered-id'], lag = info.lag }
    if info.pending > 0 then group.needs = redis.call('XPENDING', stream, info.name)[2] end
    groups[#groups + 1] = group
  end
  return groups
end
`;

/**
 * KEYS: streams. ARGV: group, id after which to start, and, if any, a group that this one may not start after. Creates the group where it is
 * missing, in one step for all partitions.
 */
export const createGroupScript = new RedisScript(`${IDS}
for _, stream in ipairs(KEYS) do
  local start = ARGV[2]
  for _, group in ipairs(ARGV[3] and groupsOf(stream) or {}) do
    if group.name == ARGV[3] then
      if before(group.last, start) then start = group.last end
      if group.needs and before(preceding(group.needs), start) then start = preceding(group.needs) end
    end
  end
  local answer = redis.pcall('XGROUP', 'CREATE', stream, ARGV[1], start, 'MKSTREAM')
  if type(answer) == 'table' and answer.err and not string.find(answer.err, 'BUSYGROUP', 1, true) then return answer end
end
return 'OK'
`);

/** KEYS: streams. ARGV: group, ms. Answers 1 when the group has acknowledged all that is older. */
export const hasPassedScript = new RedisScript(`${IDS}
for _, stream in ipairs(KEYS) do
  local found
  for _, group in ipairs(groupsOf(stream)) do if group.name == ARGV[1] then found = group end end
  if not found then return 0 end
  local limit = ARGV[2] .. '-0'
  if found.needs and before(found.needs, limit) then return 0 end
  local next = redis.call('XRANGE', stream, '(' .. found.last, '+', 'COUNT', 1)[1]
  if next and before(next[1], limit) then return 0 end
end
return 1
`);

/**
 * KEYS: streams. Answers the ms from which on all of them are whole, 0 when nothing was ever removed. Before Redis 7 nobody knows the latter,
 * and it is the age of the oldest entry.
 */
export const heldSinceScript = new RedisScript(`
local held = 0
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for _, stream in ipairs(KEYS) do
  if redis.call('EXISTS', stream) == 1 then
    local flat, info = redis.call('XINFO', 'STREAM', stream), {}
    for i = 1, #flat, 2 do info[flat[i]] = flat[i + 1] end
    if info['entries-added'] ~= info.length then
      local first = info['first-entry']
      local oldest = first and tonumber(string.match(first[1], '^%d+')) + 1 or now
      held = math.max(held, oldest)
    end
  end
end
return held
`);

/** KEYS: lost. ARGV: group. Answers the count and forgets it. */
export const takeLostScript = new RedisScript(`
local count = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
return tonumber(count or 0)
`);

/** KEYS: members, leases, streams. ARGV: group, partitions. Answers 0 while the group has members, else 1 and it is gone. */
export const dropGroupScript = new RedisScript(`
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)))
if redis.call('ZCARD', KEYS[1]) > 0 then return 0 end
local partitions = tonumber(ARGV[2])
for i = 2, 1 + partitions do redis.call('DEL', KEYS[i]) end
for i = 2 + partitions, 1 + 2 * partitions do
  if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('XGROUP', 'DESTROY', KEYS[i], ARGV[1]) end
end
return 1
`);

/**
 * KEYS: streams, then lost. ARGV: entries a stream keeps for replays, entries it holds at most (0: no limit), entries to remove at most.
 * Removes the oldest entries beyond the first number that every group has acknowledged, and those beyond the second whoever needs them: these
 * are counted per group. Answers how many were removed.
 */
export const trimScript = new RedisScript(`${IDS}
local retain, limit, slice = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local removed = 0
for i = 1, #KEYS - 1 do
  local stream = KEYS[i]
  local length = redis.call('XLEN', stream)
  local excess = math.min(length - retain, slice)
  if excess > 0 then
    local page = redis.call('XRANGE', stream, '-', '+', 'COUNT', excess + 1)
    local groups = groupsOf(stream)
    local keep = excess + 1
    for at, entry in ipairs(page) do
      local isNeeded = false
      for _, group in ipairs(groups) do
        if before(group.last, entry[1]) or (group.needs and not before(entry[1], group.needs)) then isNeeded = true end
      end
      if isNeeded and at < keep then keep = at end
    end
    local forced = limit > 0 and math.min(length - limit, slice) + 1 or 1
    local first = page[math.min(math.max(keep, forced), #page)]
    if forced > keep then
      for _, group in ipairs(groups) do
        local lost = #redis.call('XPENDING', stream, group.name, '-', '(' .. first[1], slice)
        for _, entry in ipairs(page) do
          if before(group.last, entry[1]) and before(entry[1], first[1]) then lost = lost + 1 end
        end
        if lost > 0 then redis.call('HINCRBY', KEYS[#KEYS], group.name, lost) end
      end
    end
    removed = removed + redis.call('XTRIM', stream, 'MINID', first[1])
    for _, group in ipairs(forced > keep and groups or {}) do
      if before(group.last, first[1]) then
        local flat, info = redis.call('XINFO', 'STREAM', stream), {}
        for at = 1, #flat, 2 do info[flat[at]] = flat[at + 1] end
        local read = (info['entries-added'] or info.length) - info.length
        -- Else its lag would count what is gone for ever. Redis 6 keeps no such count, and refuses this.
        redis.pcall('XGROUP', 'SETID', stream, group.name, preceding(first[1]), 'ENTRIESREAD', read)
      end
    end
  end
end
return removed
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
export const lagScript = new RedisScript(`${IDS}
local total = 0
for _, stream in ipairs(KEYS) do
  for _, group in ipairs(groupsOf(stream)) do
    if group.name == ARGV[1] then
      total = total + group.pending
      if group.lag then
        total = total + group.lag
      else
        local last, seen = group.last, 0
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
return total
`);
