import { isRecord } from './graph-request.ts';

/** What the updates of a payload are, each once: `message`, `echo`, `unsend`, `reaction`, `comments` … */
export function kindsOf(payload: unknown): readonly string[] {
  const kinds = new Set<string>();
  for (const update of updatesOf(payload)) kinds.add(kindOf(update));
  return [...kinds];
}

function updatesOf(payload: unknown): readonly unknown[] {
  if (Array.isArray(payload)) return payload.flatMap(updatesOf);
  if (!isRecord(payload)) return [];
  if (!Array.isArray(payload.entry)) return [payload];
  return payload.entry.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const listed = [entry.messaging, entry.standby, entry.changes, entry.changed_fields];
    return [
      ...listed.flatMap((list) => (Array.isArray(list) ? list : [])),
      ...('field' in entry ? [entry] : []),
    ];
  });
}

const keysOfEveryItem = new Set(['sender', 'recipient', 'timestamp', 'is_self']);

function kindOf(update: unknown): string {
  if (typeof update === 'string') return update;
  if (!isRecord(update)) return 'unknown';
  if (typeof update.field === 'string') {
    const isItem = isRecord(update.value) && 'recipient' in update.value;
    return isItem ? kindOf(update.value) : update.field;
  }
  const kind = Object.keys(update).find((key) => !keysOfEveryItem.has(key)) ?? 'unknown';
  const { message } = update;
  if (kind !== 'message' || !isRecord(message)) return kind;
  if (message.is_echo === true) return 'echo';
  return message.is_deleted === true ? 'unsend' : 'message';
}
