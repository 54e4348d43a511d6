import { setTimeout } from 'node:timers/promises';
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

const firstPauseMs = 5;

/** A random pause, up to twice as long each time, so that writers of one item do not meet again and again. */
export async function pauseAfterConflict(attempt: number): Promise<void> {
  await setTimeout(Math.random() * firstPauseMs * 2 ** attempt);
}
