import type { Person } from './conversations.ts';

export interface Comment {
  readonly id: string;
  readonly from: Person;
  readonly text: string;
  readonly mediaId: string;
  readonly atMs: number;
  /** On a live video: it can be answered in private only while the broadcast runs. */
  readonly live?: { readonly isBroadcasting: boolean };
  readonly privateReplyMid?: string;
}

/** The comments under the account's posts, as far as private replies need them. */
export class Comments {
  readonly #byId = new Map<string, Comment>();

  add(comment: Comment): void {
    this.#byId.set(comment.id, comment);
  }

  find(id: string): Comment | undefined {
    return this.#byId.get(id);
  }

  /** Whether somebody left one. */
  by(personId: string): boolean {
    return [...this.#byId.values()].some(({ from }) => from.id === personId);
  }

  endBroadcast(mediaId: string): void {
    for (const comment of this.#byId.values()) {
      if (comment.mediaId === mediaId && comment.live) {
        this.#byId.set(comment.id, { ...comment, live: { isBroadcasting: false } });
      }
    }
  }

  answered(comment: Comment, mid: string): void {
    this.#byId.set(comment.id, { ...comment, privateReplyMid: mid });
  }
}
