import { aliasStore } from '../../shared/conversations/alias-store.ts';
import { conversationReader } from '../../shared/conversations/conversation-reader.ts';
import { messageStore } from '../../shared/conversations/message-store.ts';
import type { PublishedEvent } from '../../shared/conversations/published-event.ts';
import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { withoutRenamed } from '../../shared/sending/without-renamed.ts';
import { answer, answerId } from '../../shared/subscribing/answer.ts';
import { RetryLater, subscriber } from '../../shared/subscribing/subscriber.ts';
import { autoReplyName, type Choice, chooseReply } from './choose-reply.ts';
import { replyLimit } from './reply-limit.ts';
import { autoReplyRules } from './rules.ts';

const newestRead = 50;

/** Answers a customer's message by the owner's rules: once, and not where a person or another app is at it. */
export const handler = subscriber(async (event) => {
  if (event.type !== 'message.received') return;
  const rules = autoReplyRules.parse(JSON.parse(required('AUTO_REPLY_RULES')));
  const table = required('TABLE_NAME');
  const key = { accountId: event.account_id as AccountId, customerId: event.customer_id as CustomerId };
  const choice = await choose(event, key);
  if ('silent' in choice) return done(event, choice.silent);
  if ('againAfterSeconds' in choice) {
    throw new RetryLater(choice.againAfterSeconds, 'an answer whose sender is not known yet');
  }
  const turn = await replyLimit(dynamodb(), table).take(
    await aliasStore(dynamodb(), table).canonicalOf(key),
    { sendId: answerId(event, autoReplyName), rule: choice.rule },
    { perHour: rules.per_hour, nowMs: Date.now() },
  );
  if (turn !== 'taken') return done(event, turn);
  const answered = await answer(event, choice.reply, autoReplyName);
  return done(event, answered.state === 'accepted' ? 'answered' : answered.because);

  async function choose(
    { message_id }: { readonly message_id: string },
    conversation: typeof key,
  ): Promise<Choice> {
    const id = message_id as MessageId;
    const reader = conversationReader(dynamodb(), table);
    const [state, parts] = await Promise.all([
      messageStore(dynamodb(), table).find(conversation, id),
      reader.find(conversation),
    ]);
    if (!state) return { silent: 'unsent' };
    const { items } = await reader.messages(parts ?? conversation, newestRead);
    return chooseReply(rules, { id, state, timelineKey: '' }, withoutRenamed(items), Date.now());
  }
});

function done(event: PublishedEvent, outcome: string): void {
  log.info('auto-reply', { event_id: event.id, outcome });
}
