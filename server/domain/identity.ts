/** What the agent calls itself wherever it introduces itself: in health answers, its document, and to an orchestrator. */
import manifest from '../package.json' with { type: 'json' };

export const { version } = manifest;

export const agentType = 'performance' as const;
