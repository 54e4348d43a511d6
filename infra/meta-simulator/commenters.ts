import type { Comment } from './comments.ts';
import type { Person } from './conversations.ts';
import type { Deliveries } from './deliveries.ts';
import { type CommentNotice, commentUpdate, mentionUpdate } from './webhook-comments.ts';
import type { World } from './world.ts';

export interface WrittenComment {
  /** Absent: a new one. */
  readonly id?: string;
  readonly parentId?: string;
  readonly text: string;
  /** Absent: the first of the business's posts. */
  readonly mediaId?: string;
  /** `FEED` when absent; `LIVE` is a comment on the running broadcast. */
  readonly productType?: string;
  readonly ad?: CommentNotice['ad'];
  /** Of the business itself; absent: only where the business comments. */
  readonly selfScopedId?: string;
}

export interface Commenters {
  comment(customerId: string, comment: WrittenComment): Comment;
  /** In a caption or comment of their own, of which Meta tells ids alone. */
  mention(customerId: string, where: { readonly mediaId: string; readonly commentId: string }): void;
}

/** What people write under posts. */
export function createCommenters(
  world: World,
  deliveries: Deliveries,
  person: (customerId: string) => Person,
): Commenters {
  const { clock, comments, login, random, readings, state } = world;

  return {
    comment(customerId, written) {
      const { id = newCommentId(), parentId, text, mediaId, productType = 'FEED', ad } = written;
      const { selfScopedId = customerId === state.selfScopedId ? customerId : undefined } = written;
      const { username } = person(customerId);
      const on = mediaId ?? state.switches.posts[0] ?? newCommentId();
      const notice: CommentNotice = {
        id,
        text,
        from: { id: customerId, username },
        mediaId: on,
        productType,
        ...(parentId === undefined ? {} : { parentId }),
        ...(selfScopedId === undefined ? {} : { selfScopedId }),
        ...(ad ? { ad } : {}),
      };
      const comment: Comment = {
        id,
        from: person(customerId),
        text,
        mediaId: on,
        atMs: clock.nowMs(),
        ...(productType === 'LIVE' ? { live: { isBroadcasting: true } } : {}),
      };
      comments.add(comment);
      const update = commentUpdate(notice, login, readings);
      deliveries.queue(update);
      if (ad && readings.adComments === 'twice') deliveries.queue(update);
      return comment;
    },
    mention(customerId, { mediaId, commentId }) {
      // Under Instagram login mentions are no field of their own but come as comments.
      if (login === 'facebook') {
        deliveries.queue(mentionUpdate(mediaId, commentId));
        return;
      }
      const { username } = person(customerId);
      const text = `@${world.account.username}`;
      const notice = {
        id: commentId,
        text,
        from: { id: customerId, username },
        mediaId,
        productType: 'FEED',
      };
      deliveries.queue(commentUpdate(notice, login, readings));
    },
  };

  function newCommentId(): string {
    return `178${String(random.below(1e14)).padStart(14, '0')}`;
  }
}
