import { answerForGraphFailure } from '../../shared/instagram/graph-failure.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { withEtag } from '../../shared/runtime/http/with-etag.ts';
import { fromGraph } from './from-graph.ts';
import { fromStore } from './from-store.ts';
import { getMessagesQuery } from './request.ts';
import { withinAnswerSize } from './within-answer-size.ts';

export const handler = apiHandler(
  'read',
  { query: getMessagesQuery },
  async ({ query, remainingMs }) => {
    const read = query.source === 'graph' ? fromGraph(query, remainingMs()) : fromStore(query);
    const { data, warnings } = withinAnswerSize(
      await read.catch((error: unknown) => {
        throw answerForGraphFailure(error);
      }),
    );
    return success({ data, ...(warnings.length > 0 && { warnings }) });
  },
  withEtag(),
);
