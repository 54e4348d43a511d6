import type { JSX } from 'preact';
import type { Message } from '../api/shapes.ts';
import { text } from '../text.ts';
import { AttachmentView } from './attachment-view.tsx';
import { MessageText } from './message-text.tsx';
import { RawView } from './raw-view.tsx';
import { StoryView } from './story-view.tsx';

interface Properties {
  readonly message: Message;
  readonly conversationId: string;
}

/** What a bubble holds: by the message's kind, then its attachments and its text. */
export function MessageBody({ message, conversationId }: Properties): JSX.Element {
  const { kind, text: said, attachments = [], raw } = message;
  if (kind === 'deleted') return <p class="placeholder">{text.thread.unsent}</p>;
  const label = labelOf(message);
  const hasContent = said !== undefined || attachments.length > 0;
  return (
    <>
      {label !== undefined && <p class="kind-label">{label}</p>}
      {storyOf(message) && <StoryView url={storyOf(message)?.url} />}
      {kind === 'unsupported' ||
      kind === 'unreadable' ||
      (kind === 'ephemeral' && attachments.length === 0) ? (
        <p class="placeholder">{text.thread[kind]}</p>
      ) : (
        attachments.length > 0 && (
          <div class={`attachments ${attachments.length > 1 ? 'several' : ''}`}>
            {attachments.map((attachment, place) => (
              <AttachmentView
                key={`${place} ${attachment.url ?? ''}`}
                attachment={attachment}
                conversationId={conversationId}
              />
            ))}
          </div>
        )
      )}
      {said !== undefined && <MessageText text={said} />}
      {!hasContent && kind === 'unknown' && (
        <>
          <p class="placeholder">{text.thread.unknown}</p>
          <RawView raw={raw} />
        </>
      )}
    </>
  );
}

const storyOf = ({ reply_to }: Message) => (reply_to && 'story' in reply_to ? reply_to.story : undefined);

function labelOf({ kind, comment, quick_reply, referral }: Message): string | undefined {
  switch (kind) {
    case 'postback':
      return text.thread.tapped;
    case 'comment':
      return comment?.is_live === true ? text.thread.liveComment : text.thread.comment;
    case 'story_reply':
      return text.thread.replyingToStory;
    case 'story_mention':
      return text.thread.mentionedYou;
  }
  if (quick_reply) return text.thread.quickReply;
  return referral && referralWords(referral);
}

/** Whence the customer came: an ad, a product or a link. */
export function referralWords(referral: Readonly<Record<string, unknown>>): string {
  const { ads_context_data: ad, product, ref } = referral;
  if (typeof ad === 'object' && ad !== null && 'ad_title' in ad)
    return text.thread.fromAd(String(ad.ad_title));
  if (product !== undefined) return text.thread.fromProduct;
  return typeof ref === 'string' ? text.thread.fromLink(ref) : text.thread.referral;
}
