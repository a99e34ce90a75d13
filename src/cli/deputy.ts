/** In the environment of a deputy: a process that does another's work, in a user namespace. */
export const deputyMark = "LIVEWRIGHT_DEPUTY";

/** Whether this process works for another of ours, which tells it by message when to stop. */
export const isDeputy = (env: NodeJS.ProcessEnv): boolean => env[deputyMark] !== undefined && process.connected;
