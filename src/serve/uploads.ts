import type { IncomingMessage, ServerResponse } from "node:http";
import { say, type Answered, type Receive } from "./http.ts";
import { stepsOf } from "./inside.ts";
import { Refusal, type Kind, type SavedModules } from "./saved.ts";
import { allows } from "./token.ts";

export interface UploadWish {
  readonly saved: SavedModules;
  readonly token: string;
  /** The most bytes that one file may have. */
  readonly limit: number;
  /** What is told of a module of which both files are there. */
  readonly complete: (name: string) => string;
}

/** Take `PUT /saved/NAME.squashfs` and `PUT /saved/NAME.module` from whoever has the token. */
export const uploads =
  (wish: UploadWish): Receive =>
  (request, response) =>
    received(request, response, wish);

async function received(request: IncomingMessage, response: ServerResponse, wish: UploadWish): Promise<Answered> {
  // Bytes that nobody takes would be read as the next request.
  const no = (status: number, why: string): Answered => {
    response.setHeader("Connection", "close");
    return { outcome: say(response, status, why) };
  };
  try {
    if (!allows(wish.token, request.headers.authorization)) {
      response.setHeader("WWW-Authenticate", 'Bearer realm="saved modules"');
      return no(401, "the token is missing or wrong");
    }
    const { name, kind } = target(request.url ?? "");
    const length = Number(request.headers["content-length"] ?? "0");
    if (length > wish.limit) throw new Refusal(413, `more than ${String(wish.limit)} bytes are not taken`);
    const replace = request.headers["if-match"] === "*";
    const content = contentOf(request, response);
    // What is left to do then is ours: who has sent everything waits for the disk and is not silent. The answer ends that.
    request.once("end", () => request.socket.setTimeout(0));
    const { bytes, complete } = await wish.saved.keep({ name, kind, replace, content, limit: wish.limit });
    const outcome = say(response, 201, `${name}.${kind} is kept, ${String(bytes)} bytes`);
    return complete ? { outcome, note: wish.complete(name) } : { outcome };
  } catch (error) {
    if (error instanceof Refusal) return no(error.status, error.message);
    if (request.destroyed && !request.complete) return { outcome: "broken off, nothing kept" };
    throw error;
  }
}

/** Who asks before he sends is told to go on once nothing is left that refuses him. */
async function* contentOf(request: IncomingMessage, response: ServerResponse): AsyncGenerator<Uint8Array> {
  if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  yield* request as AsyncIterable<Uint8Array>;
}

/** As records name modules; a name that begins with a dot would be taken for something half-written. */
const pattern = /^([a-z0-9][a-z0-9._+-]{0,63})\.(squashfs|module)$/;

function target(url: string): { readonly name: string; readonly kind: Kind } {
  const [folder, file = "", ...more] = stepsOf(url) ?? [];
  const [, name, kind] = pattern.exec(file) ?? [];
  if (folder !== "saved" || more.length > 0 || name === undefined)
    throw new Refusal(
      404,
      "files are sent to /saved/NAME.squashfs and /saved/NAME.module, in small letters and digits",
    );
  return { name, kind: kind as Kind };
}
