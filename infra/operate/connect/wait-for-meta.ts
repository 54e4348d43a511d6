import { setTimeout as delay } from 'node:timers/promises';
import type { HealthStore, Observations } from '../../../shared/account/health-store.ts';
import type {
  ConversationReader,
  StoredConversation,
} from '../../../shared/conversations/conversation-reader.ts';
import { conversationId } from '../../../shared/conversations/table-keys.ts';

/** The customer of the App Dashboard's own test: nobody. MP §2.2. */
const dashboardCustomer = '12334';
const looked = 50;

export interface Waiting {
  readonly health: HealthStore;
  readonly conversations: ConversationReader;
  readonly pollMs: number;
  /** By `performance.now()`. */
  readonly deadlineMs: number;
  readonly stopped: AbortSignal;
  readonly say: (line: string) => void;
}

/** What ended the waiting. */
export type Ending<Found> = Found | 'stopped' | 'too_late';

interface Hint {
  readonly afterMs: number;
  readonly text: string;
}

const handshakeHints: readonly Hint[] = [
  {
    afterMs: 30_000,
    text: 'No handshake yet. It is made when you press "Verify and Save"; the object must be Instagram, not Page.',
  },
  {
    afterMs: 120_000,
    text: 'Still none. If the dashboard says that the callback could not be validated, compare the address and the verify token letter for letter. If it was set up before, just write a message to the account.',
  },
];

const messageHints: readonly Hint[] = [
  {
    afterMs: 30_000,
    text: "No message yet. Write from another account than the business's own. While the app is in development mode Meta delivers none, or only those of people with a role on it: publish the app, or add that account as a tester and accept the invitation there.",
  },
  {
    afterMs: 120_000,
    text: 'Still none. Look whether the field messages is subscribed for the object Instagram (not Page), and whether the Instagram app allows access to messages (in its settings for messages, under connected tools).',
  },
];

/** Waits for Meta's own handshake, or for a delivery, which shows that there was one before. */
export function waitForHandshake(
  waiting: Waiting,
  before: Observations,
): Promise<Ending<'handshake' | 'delivery'>> {
  return until(waiting, handshakeHints, async () => {
    const { handshakeAtMs = 0, deliveryAtMs = 0 } = await waiting.health.observations();
    // A trial of our own leaves it as it was.
    if (handshakeAtMs > (before.handshakeAtMs ?? 0)) return 'handshake';
    return deliveryAtMs > (before.deliveryAtMs ?? 0) ? 'delivery' : undefined;
  });
}

/** The newest incoming message of each conversation, to tell later ones from. */
export async function incomingSoFar(conversations: ConversationReader): Promise<ReadonlyMap<string, number>> {
  const { items } = await conversations.inbox(looked);
  return new Map(items.map((each) => [conversationId(each), each.summary.lastInAtMs ?? 0]));
}

/** Waits for a customer's message that was not there before. */
export function waitForMessage(
  waiting: Waiting,
  before: ReadonlyMap<string, number>,
): Promise<Ending<StoredConversation>> {
  let hasToldTest = false;
  return until(waiting, messageHints, async () => {
    const { items } = await waiting.conversations.inbox(looked);
    const arrived = items.filter(
      (each) => (each.summary.lastInAtMs ?? 0) > (before.get(conversationId(each)) ?? 0),
    );
    if (!hasToldTest && arrived.some(({ customerId }) => customerId === dashboardCustomer)) {
      hasToldTest = true;
      waiting.say("The dashboard's own test message arrived. It comes from nobody: now write a real one.");
    }
    return arrived.find(({ customerId }) => customerId !== dashboardCustomer);
  });
}

async function until<Found>(
  { pollMs, deadlineMs, stopped, say }: Waiting,
  hints: readonly Hint[],
  look: () => Promise<Found | undefined>,
): Promise<Ending<Found>> {
  const startedMs = performance.now();
  const due = [...hints];
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const nowMs = performance.now();
    if (nowMs >= deadlineMs) return 'too_late';
    const [next] = due;
    if (next && nowMs - startedMs >= next.afterMs) {
      due.shift();
      say(next.text);
    }
    try {
      await delay(Math.min(pollMs, deadlineMs - nowMs), undefined, { signal: stopped });
    } catch {
      return 'stopped';
    }
  }
}
