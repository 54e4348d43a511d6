import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Answers whether the write's condition held: a failed condition is an answer, not an accident. */
export async function conditionHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
