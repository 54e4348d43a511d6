import type { CustomerId } from '../../shared/instagram/ids.ts';
import type { SenderActionRequest } from './request.ts';

/**
 * The body of `POST /me/messages` for an action. A heart goes as `love`, the one name that Meta's pages on both
 * logins have. https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/send-message
 */
export function wireAction(request: SenderActionRequest, recipient: CustomerId): Record<string, unknown> {
  const envelope = { recipient: { id: recipient }, sender_action: request.action };
  switch (request.action) {
    case 'react': {
      const reaction = isHeart(request.reaction) ? 'love' : request.reaction;
      return { ...envelope, payload: { message_id: request.message_id, reaction } };
    }
    case 'unreact':
      return { ...envelope, payload: { message_id: request.message_id } };
    case 'typing_on':
    case 'typing_off':
    case 'mark_seen':
      return envelope;
  }
}

/** With and without the selector that makes it an emoji. */
export const isHeart = (reaction: string) => ['love', '❤', '❤️'].includes(reaction);
