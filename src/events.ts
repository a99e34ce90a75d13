/** What happens while something is built or tested, told as values. `report/` turns them into words. */
export type Event =
  | { readonly kind: "plan"; readonly stages: number; readonly stale: number }
  | { readonly kind: "stage-reused"; readonly stage: string; readonly at: number; readonly of: number }
  | { readonly kind: "stage-started"; readonly stage: string; readonly at: number; readonly of: number }
  /** `fraction` is 0…1 where the tool tells; `text` says what is going on, such as "unpacking htop". */
  | { readonly kind: "progress"; readonly stage: string; readonly fraction?: number; readonly text?: string }
  /** One line of a tool's output. Goes to the log; shown only on demand. */
  | { readonly kind: "line"; readonly stage: string; readonly line: string }
  | {
      readonly kind: "stage-finished";
      readonly stage: string;
      readonly at: number;
      readonly of: number;
      readonly seconds: number;
    }
  | { readonly kind: "stage-failed"; readonly stage: string; readonly seconds: number }
  /** It was begun before all was known that it needs, and that turned out otherwise. */
  | { readonly kind: "stage-dropped"; readonly stage: string }
  | { readonly kind: "note"; readonly text: string }
  /** Somebody on the network asked a server of ours for something; `outcome` says what came of it. */
  | {
      readonly kind: "request";
      readonly by: "http" | "tftp" | "dhcp";
      readonly client: string;
      readonly what: string;
      readonly outcome: string;
    }
  /** A person uses the terminal now, in a shell or for a password: no sign of life until the next event. */
  | { readonly kind: "terminal-lent" }
  /** From now on we wait for others, who may never come: silence says nothing. */
  | { readonly kind: "serving" }
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "artefact"; readonly path: string; readonly bytes: number; readonly sha256?: string };

export type Report = (event: Event) => void;
