import type { Login } from './graph-errors.ts';
import type { WebhookReadings } from './webhook-readings.ts';
import type { Update } from './webhook-updates.ts';

export interface CommentNotice {
  readonly id: string;
  readonly parentId?: string;
  readonly text: string;
  readonly from: { readonly id: string; readonly username: string };
  /** The business's own comment: its scoped id. */
  readonly selfScopedId?: string;
  readonly mediaId: string;
  /** `FEED`, `REELS`, `STORY`; `LIVE` during a broadcast. */
  readonly productType: string;
  readonly ad?: { readonly id: string; readonly title: string; readonly originalMediaId: string };
}

/** https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram */
export function commentUpdate(
  { id, parentId, text, from, selfScopedId, mediaId, productType, ad }: CommentNotice,
  login: Login,
  { commentId }: WebhookReadings,
): Update {
  const idKey = commentId === 'by_login' ? (login === 'facebook' ? 'comment_id' : 'id') : commentId;
  return {
    field: productType === 'LIVE' ? 'live_comments' : 'comments',
    value: {
      [idKey]: id,
      ...(parentId === undefined ? {} : { parent_id: parentId }),
      text,
      from: {
        id: from.id,
        username: from.username,
        ...(selfScopedId === undefined ? {} : { self_ig_scoped_id: selfScopedId }),
      },
      media: {
        id: mediaId,
        media_product_type: productType,
        ...(ad ? { ad_id: ad.id, ad_title: ad.title, original_media_id: ad.originalMediaId } : {}),
      },
    },
  };
}

/** Ids alone: who was mentioned looks them up. */
export function mentionUpdate(mediaId: string, commentId: string): Update {
  return { field: 'mentions', value: { media_id: mediaId, comment_id: commentId } };
}
