import { settings } from '../shared/runtime/environment.ts';

/** The owner's settings that shape the functions, as function variables. */
export interface GraphSettings {
  readonly GRAPH_API_VERSION: string;
  readonly HUMAN_AGENT: string;
  readonly GRAPH_API_BASE_URL?: string;
}

/**
 * Read from the environment at synthesis, not from `.env.local`: that file belongs to this machine, and its
 * stand-in for Meta must not reach a deployed gateway unasked.
 */
export function graphSettings(environment: NodeJS.ProcessEnv): GraphSettings {
  const baseUrl = environment.GRAPH_API_BASE_URL;
  return {
    GRAPH_API_VERSION: environment.GRAPH_API_VERSION || settings.GRAPH_API_VERSION.default,
    HUMAN_AGENT: environment.HUMAN_AGENT || settings.HUMAN_AGENT.default,
    ...(baseUrl ? { GRAPH_API_BASE_URL: baseUrl } : {}),
  };
}
