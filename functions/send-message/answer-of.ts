import { answerForFailure } from '../../shared/instagram/graph-failure.ts';
import type { SendRow } from '../../shared/sending/send-row.ts';

export interface SendAnswer {
  readonly status: 200 | 202;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What the caller of a send is told, each time the same.
 * @throws HttpError for a send that failed, or whose outcome is not known.
 */
export function answerOf(row: SendRow): SendAnswer {
  const { state, sendId } = row;
  switch (state.name) {
    case 'sent':
      return { status: 200, fields: { data: sentData(row), send_id: sendId } };
    case 'accepted':
    case 'sending':
      return {
        status: 202,
        fields: { data: sentData(row), send_id: sendId, state: state.name },
        headers: { location: `/api/sends/${sendId}` },
      };
    case 'failed':
    case 'unknown': {
      const { details, ...failure } = state.failure;
      throw answerForFailure({
        ...failure,
        details: { ...details, send_id: sendId, ...(row.sentParts.length > 0 && { sent: sentData(row) }) },
      });
    }
  }
}

/** The seed's members, of the first message; all of them where there are several. */
function sentData({ addressee, sentParts, parts }: SendRow): Record<string, unknown> {
  const [first] = sentParts;
  const recipientId = 'customerId' in addressee ? addressee.customerId : first?.recipientId;
  return {
    ...(recipientId !== undefined && { recipient_id: first?.recipientId ?? recipientId }),
    ...(first && { message_id: first.messageId }),
    ...(parts.length > 1 && { message_ids: sentParts.map(({ messageId }) => messageId) }),
  };
}
