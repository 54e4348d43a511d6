import { attachmentView } from './attachments.ts';
import { button, element, showRows } from './element.ts';
import type { ShownMessage } from './wire.ts';

export interface ThreadActions {
  readonly react: (message: ShownMessage, reaction: string, emoji: string) => void;
  readonly unreact: (message: ShownMessage) => void;
  readonly reply: (message: ShownMessage) => void;
  readonly edit: (message: ShownMessage) => void;
  readonly unsend: (message: ShownMessage) => void;
  readonly tap: (title: string, payload: string) => void;
}

/** Meta's names for the reactions of the Instagram app. */
const reactions = [
  ['love', '❤️'],
  ['laugh', '😂'],
  ['wow', '😮'],
  ['sad', '😢'],
  ['angry', '😡'],
  ['like', '👍'],
] as const;

/** Shows a thread, oldest first. Whether something new stands at its end. */
export function showThread(
  list: HTMLElement,
  messages: readonly ShownMessage[],
  seenByBusinessMid: string | undefined,
  actions: ThreadActions,
): boolean {
  const newestBefore = list.lastElementChild instanceof HTMLElement ? list.lastElementChild.dataset.key : '';
  showRows(
    list,
    messages.map((message) => {
      const quoted = messages.find(({ id }) => id === message.replyToMid);
      const isSeen = message.id === seenByBusinessMid;
      return {
        key: message.id,
        version: JSON.stringify([message, quoted?.text, isSeen]),
        build: () => messageRow(message, quoted, isSeen, actions),
      };
    }),
  );
  return messages.at(-1)?.id !== newestBefore;
}

function messageRow(
  message: ShownMessage,
  quoted: ShownMessage | undefined,
  isSeen: boolean,
  actions: ThreadActions,
): HTMLElement {
  const { fromBusiness, text, attachments = [], reactions: given = [], edits = 0 } = message;
  const time = new Date(message.sentAtMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const isEmpty = (text ?? '') === '' && attachments.length === 0;
  return element(
    'li',
    { class: `message ${fromBusiness ? 'business' : 'own'}`, 'data-mid': message.id },
    element('span', { class: 'hidden' }, fromBusiness ? 'Business:' : 'You:'),
    quote(message, quoted),
    element(
      'div',
      { class: 'bubble' },
      ...attachments.map((attachment) => attachmentView(attachment, actions.tap)),
      text === undefined || text === '' ? undefined : element('p', { class: 'text', dir: 'auto' }, text),
      isEmpty ? element('p', { class: 'quiet' }, 'This kind of message is not supported') : undefined,
    ),
    given.length === 0
      ? undefined
      : element(
          'p',
          { class: 'reactions' },
          ...given.map(({ emoji, fromBusiness: byBusiness }) =>
            element(
              'span',
              { 'aria-label': `${byBusiness ? 'Business' : 'You'} reacted ${emoji}`, role: 'img' },
              emoji,
            ),
          ),
        ),
    element(
      'div',
      { class: 'below' },
      element(
        'span',
        {},
        [time, edits > 0 ? 'Edited' : '', isSeen ? 'Seen' : ''].filter(Boolean).join(' · '),
      ),
      actionsOf(message, actions),
    ),
  );
}

function quote(message: ShownMessage, quoted: ShownMessage | undefined): HTMLElement | undefined {
  if (message.replyToStory) return element('p', { class: 'quote' }, 'Replied to a story');
  if (message.replyToMid === undefined) return undefined;
  return element('p', { class: 'quote', dir: 'auto' }, quoted?.text ?? 'Replied to a message');
}

function actionsOf(message: ShownMessage, actions: ThreadActions): HTMLElement {
  const { fromBusiness, text, reactions: given = [] } = message;
  const mine = given.find((reaction) => !reaction.fromBusiness);
  const about = text === undefined ? 'this message' : `“${text.slice(0, 40)}”`;
  const details = element(
    'details',
    { class: 'actions' },
    element('summary', { 'aria-label': `Actions for ${about}` }, '⋯'),
    element(
      'div',
      { class: 'action-row' },
      ...reactions.map(([reaction, emoji]) =>
        button(emoji, () => actions.react(message, reaction, emoji), {
          'aria-label': `React ${reaction}`,
          'aria-pressed': String(mine?.reaction === reaction),
        }),
      ),
      mine ? button('Remove reaction', () => actions.unreact(message)) : undefined,
      button('Reply', () => {
        details.open = false;
        actions.reply(message);
      }),
      fromBusiness || text === undefined
        ? undefined
        : button('Edit', () => {
            details.open = false;
            actions.edit(message);
          }),
      fromBusiness ? undefined : button('Unsend', () => actions.unsend(message)),
    ),
  );
  return details;
}
