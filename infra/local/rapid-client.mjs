/**
 * Preloaded into a function's process, in place of the runtime client's native part, which `npm ci` does not
 * build: its calls to the Runtime API, over HTTP. Plain JavaScript, so that a cold start waits for no
 * type stripping.
 */
import { Agent, request } from 'node:http';
import { registerHooks } from 'node:module';

const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true });

// Without its host a function has nothing to do. Its end shows as the end of our input.
process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1));
process.stdin.resume();

// Ctrl-C reaches the whole process group: the host lets the running invocation end, then ends us.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

/** @param {string} path @param {{ body?: string, headers?: Record<string, string> }} [content] */
function call(path, content = {}) {
  return new Promise((resolve, reject) => {
    const method = content.body === undefined ? 'GET' : 'POST';
    request(`${runtime}${path}`, { agent, method, headers: content.headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => resolve({ bodyJson: Buffer.concat(chunks).toString(), headers: response.headers }))
        .on('error', reject);
    })
      .on('error', reject)
      .end(content.body);
  });
}

/** The runtime client does not wait for its answer to be sent before it asks for the next invocation. */
let answered = Promise.resolve();

/** @param {string} id @param {string} body */
export function done(id, body) {
  answered = call(`/invocation/${id}/response`, { body });
}

/** @param {string} id @param {string} body */
export function error(id, body) {
  answered = call(`/invocation/${id}/error`, { body });
}

export async function next() {
  await answered;
  return call('/invocation/next');
}

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './rapid-client.node'
      ? { url: import.meta.url, format: 'module', shortCircuit: true }
      : nextResolve(specifier, context),
});
