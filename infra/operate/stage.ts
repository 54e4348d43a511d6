import { stackName } from '../stack-name.ts';
import { WrongUsage } from './command.ts';

/** The stack that `--stage` names. Throws WrongUsage when no stack can have such a name. */
export function stackOfStage(stage: string): string {
  try {
    return stackName(stage);
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}
