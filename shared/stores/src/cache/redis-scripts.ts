import { RedisScript } from './redis-script.js';

/*
 * Keys of one bucket share its hash tag, so each script touches one slot (see `redis-layout.ts`). KEYS are the bucket's fenced index and
 * its expiry index; entries and tag sets are named after ARGV[1], the root of the bucket: Redis checks the slot, not the declaration.
 * Effects, not scripts, are replicated from Redis 5 on, so TIME may be asked before a write. GET is called by `pcall`: a key that holds no string is
 * what an audit must see and a repair must be able to store over.
 */
const PRELUDE = `
local index, expiries, root = KEYS[1], KEYS[2], ARGV[1]
local function entryKey(member) return root .. 'v:' .. member end
local function tagKey(tag) return root .. 't:' .. tag end
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function tagsOf(raw)
  local text = string.match(raw, '^[^\\n]*\\t([^\\t\\n]*)\\n')
  local ok, tags = pcall(cjson.decode, text)
  return ok and type(tags) == 'table' and tags or {}
end
local function unlink(member, raw)
  for _, tag in ipairs(tagsOf(raw)) do redis.call('ZREM', tagKey(tag), member) end
  redis.call('ZREM', index, member)
  redis.call('ZREM', expiries, member)
end
local function remove(member)
  local raw = redis.pcall('GET', entryKey(member))
  if not raw then return 0 end
  if type(raw) == 'table' then raw = '' end
  unlink(member, raw)
  return redis.call('DEL', entryKey(member))
end
`;

/**
 * ARGV: root, member, entry, ttlMs or '', revision or '' (not fenced), fence, fingerprint as JSON, whether it is a tombstone (1 or 0), the revision and
 * the fence it replaces or '', tags...
 * A tag set is scored by the expiry of its members and itself expires with the last of them, so neither outlives its entries. The fenced
 * index is ordered by key instead; a second set, scored by expiry, says what has to leave it: at most 100 a call.
 */
export const storeScript = new RedisScript(`${PRELUDE}
local member, raw, ttl, revision = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local function takes(current)
  local head = current and string.match(current, '^F\\t([^\\n]*)\\n')
  local stored, print, rest = string.match(head or '', '^(%d+)\\t([^\\t]*)\\t(.*)$')
  local storedFence = tonumber(string.match(rest or '', '^(%d+)\\t[^\\t]*\\t') or 0)
  if ARGV[9] ~= '' then
    return current and tonumber(stored or 0) == tonumber(ARGV[9]) and storedFence == tonumber(ARGV[10])
  end
  if not stored then return true end
  if tonumber(stored) ~= tonumber(revision) then return tonumber(stored) < tonumber(revision) end
  local gone = #current == #head + 3
  if gone ~= (ARGV[8] == '1') then return not gone end
  local fence = tonumber(ARGV[6])
  if fence == storedFence then return print ~= ARGV[7] end
  return fence > storedFence
end
local current = redis.pcall('GET', entryKey(member))
local foreign = type(current) == 'table'
if foreign then current = '' end
if revision ~= '' and not takes(current) then return 0 end
if current then unlink(member, current) end
if foreign then redis.call('DEL', entryKey(member)) end
local now = nowMs()
local expiry = 'inf'
if ttl == '' then
  redis.call('SET', entryKey(member), raw)
else
  redis.call('SET', entryKey(member), raw, 'PX', ttl)
  expiry = string.format('%.0f', now + tonumber(ttl))
end
local past = string.format('%.0f', now)
if revision ~= '' then
  redis.call('ZADD', index, 0, member)
  if expiry ~= 'inf' then redis.call('ZADD', expiries, expiry, member) end
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', expiries, '-inf', past, 'LIMIT', 0, 100)) do
    redis.call('ZREM', index, gone)
    redis.call('ZREM', expiries, gone)
  end
end
for i = 11, #ARGV do
  local key = tagKey(ARGV[i])
  redis.call('ZADD', key, expiry, member)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', past)
  local last = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2]
  if last == 'inf' then redis.call('PERSIST', key) else redis.call('PEXPIREAT', key, string.format('%.0f', tonumber(last))) end
end
return 1
`);

/** ARGV: root, members... Answers how many were there. */
export const deleteScript = new RedisScript(`${PRELUDE}
local count = 0
for i = 2, #ARGV do count = count + remove(ARGV[i]) end
return count
`);

/** ARGV: root, tag, batch size. Answers how many entries went and whether the tag set may hold more. */
export const deleteByTagScript = new RedisScript(`${PRELUDE}
local members = redis.call('ZRANGE', tagKey(ARGV[2]), 0, tonumber(ARGV[3]) - 1)
local count = 0
for _, member in ipairs(members) do
  count = count + remove(member)
  redis.call('ZREM', tagKey(ARGV[2]), member)
end
return {count, #members == tonumber(ARGV[3]) and 1 or 0}
`);

/** ARGV: root, min, max, batch size. Answers the members looked at, the last of them, and a flat list of member and entry. */
export const scanScript = new RedisScript(`${PRELUDE}
local members = redis.call('ZRANGEBYLEX', index, ARGV[2], ARGV[3], 'LIMIT', 0, tonumber(ARGV[4]))
local found = {}
for _, member in ipairs(members) do
  local raw = redis.pcall('GET', entryKey(member))
  if raw then
    found[#found + 1] = member
    found[#found + 1] = type(raw) == 'string' and raw or ''
  else
    redis.call('ZREM', index, member)
    redis.call('ZREM', expiries, member)
  end
end
return {#members, members[#members] or '', found}
`);

/** KEYS: the entry. ARGV: the entry of a new counter, by, ttlMs or ''. */
export const incrementScript = new RedisScript(`
local raw = redis.call('GET', KEYS[1])
if not raw then
  if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3]) end
  return ARGV[2]
end
local header, body = string.match(raw, '^(P[^\\n]*\\n)(.*)$')
local value = body and tonumber(body)
if not value then return redis.error_reply('NOTCOUNTER the entry is not a counter') end
local text = string.format('%.17g', value + tonumber(ARGV[2]))
redis.call('SET', KEYS[1], header .. text, 'KEEPTTL')
return text
`);

/**
 * KEYS: lock, last token. ARGV: ttlMs. Answers the token, or '' when the lock is held.
 * Tokens are microseconds of the server's clock, at least one more than the last: they rise although the last one is forgotten
 * a day after its lock, and so no name of a lock stays for ever.
 */
export const acquireLockScript = new RedisScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then return '' end
local time = redis.call('TIME')
local token = tonumber(time[1]) * 1000000 + tonumber(time[2])
local last = tonumber(redis.call('GET', KEYS[2]) or 0)
if token <= last then token = last + 1 end
local text = string.format('%.0f', token)
redis.call('SET', KEYS[1], text, 'PX', ARGV[1])
redis.call('SET', KEYS[2], text, 'PX', tonumber(ARGV[1]) + 86400000)
return text
`);

/** KEYS: lock. ARGV: token, ttlMs, or '' to release. */
export const keepLockScript = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
