import { readBody } from '../../../functions/store-events/read-records.ts';
import { isRecord } from '../../../shared/runtime/json.ts';
import { sqsRecord } from './sqs-record.ts';

/** What a dead letter is, without a word of what it says. */
export interface LetterKind {
  /** Such as `webhook message`, `lookup profile`, `published message.received`. */
  readonly kind: string;
  /** Why it is here, as far as the letter itself tells. */
  readonly why: string;
}

const refused = 'its function failed on it again and again: its log says why';

/** Tells what stands in a message by its body alone. Never throws: a dead letter may be anything. */
export function kindOfLetter(body: string): LetterKind {
  const value = parse(body);
  if (!isRecord(value)) return { kind: 'not JSON', why: 'no version of the gateway writes such' };
  if (typeof value.source === 'string') return eventKind(body, value.source);
  if (typeof value.task === 'string') return { kind: `lookup ${word(value.task)}`, why: refused };
  if (typeof value.thread === 'string') return { kind: 'wake-up of a send', why: refused };
  const published = value.Type === 'Notification' ? parse(String(value.Message)) : value;
  if (isRecord(published) && typeof published.type === 'string') {
    return { kind: `published ${word(published.type)}`, why: "the subscriber's own code failed on it" };
  }
  return { kind: 'unknown', why: 'another version of the gateway, or somebody else, wrote it' };
}

function eventKind(body: string, source: string): LetterKind {
  try {
    const read = readBody(sqsRecord({ Body: body }));
    if ('update' in read) return { kind: `send ${read.update.state}`, why: refused };
    return 'event' in read
      ? { kind: `${read.source} ${read.event.type}`, why: refused }
      : { kind: `notice ${read.notice}`, why: refused };
  } catch {
    return { kind: `${word(source)} event`, why: 'this version of the gateway cannot read it' };
  }
}

/** Names of kinds are words; whatever else stands there is not shown. */
const word = (text: string) => (/^[a-z_.]{1,40}$/.test(text) ? text : 'of another kind');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
