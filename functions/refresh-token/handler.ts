import type { Context } from 'aws-lambda';
import { beginLog, log } from '../../shared/runtime/log.ts';
import { NotConnectedError } from '../../shared/runtime/secrets.ts';
import { refreshToken } from './refresh-token.ts';

/** Keeps the token of Instagram login alive. Runs on a schedule; what fails today is tried again tomorrow. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  beginLog({ function_request_id: context.awsRequestId });
  try {
    const { outcome, ...facts } = await refreshToken(Date.now());
    const level = outcome === 'refused' || outcome === 'no_answer' ? 'error' : 'info';
    log[level]('token looked after', { outcome, ...facts });
  } catch (error) {
    if (!(error instanceof NotConnectedError)) throw error;
    log.info('not connected to Instagram yet');
  }
};
