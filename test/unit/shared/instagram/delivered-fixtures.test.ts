import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEnvelope } from '../../../../shared/instagram/webhook-envelope.ts';
import { type InstagramEvent, parseDeliveredItem } from '../../../../shared/instagram/webhook-events.ts';

const folder = new URL('../../../fixtures/webhooks/', import.meta.url);

/** What each delivery is understood as: direction and kind of a message, or the field that is kept unaddressed. */
const understood: Readonly<Record<string, readonly string[]>> = {
  'changes-unknown-field': ['kept weather'],
  'comments-with-comment-id': ['in comment'],
  comments: ['in comment'],
  'echo-self': ['out text'],
  'echo-template': ['out attachment'],
  'echo-text': ['out text'],
  'echo-unsupported-type-without-mid': ['out unsupported'],
  'echo-with-app-id': ['out text +raw'],
  'edit-quoted-number': ['edit 2'],
  'edit-zero-without-sender': ['kept message_edit'],
  'edit-zero': ['edit 0'],
  edit: ['edit 1'],
  'envelope-array-wrapped': ['in text'],
  'envelope-bare-change': ['in text'],
  'envelope-batch': ['in text', 'in text', 'out text', 'in comment'],
  'envelope-changed-fields': ['kept unknown'],
  'envelope-changes-dashboard-test': ['in text'],
  'envelope-changes-reaction': ['reaction love'],
  'envelope-changes-seed': ['in text'],
  'envelope-flat-comment': ['in comment'],
  'envelope-foreign-object': ['foreign'],
  'envelope-messaging-and-standby': ['in text', 'in text standby'],
  'envelope-messaging-dashboard-test': ['in text'],
  'envelope-messaging': ['in text'],
  'envelope-scoped-entry-id': ['in postback'],
  'envelope-standby': ['in text standby'],
  'handover-app-roles': ['kept messaging_handover'],
  'handover-pass-from-idle': ['in handover'],
  'handover-pass': ['in handover'],
  'handover-request': ['in handover'],
  'handover-take': ['in handover'],
  'live-comments': ['in comment'],
  mentions: ['kept mentions'],
  'message-ad-referral': ['in text'],
  'message-attachments': ['in attachment'],
  'message-audio': ['in attachment'],
  'message-ephemeral': ['in ephemeral'],
  'message-file': ['in attachment'],
  'message-ig-post': ['in attachment'],
  'message-ig-reel': ['in attachment'],
  'message-ig-story': ['in attachment'],
  'message-inline-reply': ['in text'],
  'message-is-unsupported': ['in unsupported'],
  'message-product-referral': ['in text'],
  'message-quick-reply': ['in text'],
  'message-share-and-ig-post': ['in attachment'],
  'message-share': ['in attachment'],
  'message-story-mention': ['in story_mention'],
  'message-story-reply': ['in story_reply'],
  'message-text-unicode': ['in text'],
  'message-text': ['in text'],
  'message-unknown-attachment': ['in attachment'],
  'message-unknown-key': ['in text +raw'],
  'message-unsend': ['in unsend'],
  'message-unsupported-type': ['in unsupported'],
  'messaging-unknown-kind': ['in unknown_event +raw'],
  optin: ['in optin'],
  'policy-enforcement': ['kept messaging_policy_enforcement'],
  'postback-self': ['in postback'],
  'postback-with-referral': ['in postback'],
  postback: ['in postback'],
  'reaction-other': ['reaction other'],
  reaction: ['reaction love'],
  referral: ['in referral'],
  'response-feedback': ['in unknown_event +raw'],
  seen: ['seen'],
  unreact: ['reaction taken back'],
};

function understand(file: string): string[] {
  const envelope = openEnvelope(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
  return envelope.kind === 'foreign' ? ['foreign'] : envelope.items.map(parseDeliveredItem).map(inWords);
}

function inWords(event: InstagramEvent): string {
  switch (event.type) {
    case 'message':
      return `${event.direction} ${event.content.kind}${event.standby ? ' standby' : ''}${event.content.raw ? ' +raw' : ''}`;
    case 'unsend':
      return `${event.direction} unsend`;
    case 'edit':
      return `edit ${event.editNumber}`;
    case 'reaction':
      return `reaction ${event.reaction?.name ?? 'taken back'}`;
    case 'seen':
      return 'seen';
    case 'other':
      return `kept ${event.field}`;
  }
}

test.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s', (file) => {
  expect(understand(file)).toEqual(understood[file.replace('.json', '')]);
});
