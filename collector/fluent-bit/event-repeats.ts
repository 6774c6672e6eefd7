/** Events that are remembered before the older half is forgotten: 5 MB at most, and more than a cluster of a thousand nodes has in an hour. */
const REMEMBERED = 20_000;

/**
 * A Lua function in one line that drops what the events input sends again: with several events in one read it takes the beginning of the next one for a broken
 * event, keeps what it has read, and sends all of it again at the next interval; and each new list has the events of the last hour. A newer version of an event
 * passes. It forgets with the process: what a new one sends again is one document in the index by its `_id`.
 */
export function eventRepeatsCode(): string {
  return [
    'local recent, older, count = { }, { }, 0',
    'function fresh(tag, ts, r)',
    "local m = type(r.metadata) == 'table' and r.metadata or { }",
    'local uid, version = m.uid, tonumber(m.resourceVersion)',
    "if type(uid) ~= 'string' or version == nil then return 0, ts, r end",
    'local known = recent[uid] or older[uid]',
    'if known ~= nil and version <= known then return -1, ts, r end',
    'if recent[uid] == nil then count = count + 1 end',
    `if count > ${REMEMBERED} then recent, older, count = { }, recent, 1 end`,
    'recent[uid] = version',
    'return 0, ts, r',
    'end',
  ].join(' ');
}
