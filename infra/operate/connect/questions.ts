import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandFailed } from '../command.ts';

/** Asks the owner at the terminal. Every question throws CommandFailed when it is left by Ctrl-C or Ctrl-D. */
export interface Questions {
  text(question: string): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string): Promise<string>;
  /** Yes or no; no when just Enter is pressed. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

export function askAt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Questions {
  let isMuted = false;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: true });
  // Several lines may be pasted at once: each waits for its question.
  const typed: string[] = [];
  let isLeft = false;
  let wake = () => {};
  lines.on('line', (line) => {
    typed.push(line);
    wake();
  });
  lines.on('SIGINT', () => lines.close());
  lines.once('close', () => {
    isLeft = true;
    wake();
  });

  async function ask(question: string): Promise<string> {
    lines.setPrompt(question);
    if (!isLeft) lines.prompt();
    while (typed.length === 0) {
      if (isLeft) throw new CommandFailed('\nStopped.');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return (typed.shift() ?? '').trim();
  }

  return {
    text: ask,
    async secret(question) {
      output.write(question);
      isMuted = true;
      try {
        return await ask('');
      } finally {
        isMuted = false;
        output.write('\n');
      }
    },
    confirm: async (question) => /^y(es)?$/i.test(await ask(`${question} (y/N) `)),
    close: () => lines.close(),
  };
}
