#!/usr/bin/env node
// Stands in for QEMU on PATH: speaks QMP on standard input and output, shows a menu of five lines, and behaves after
// Enter as the word in $0's neighbour file "behaviour" says.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const here = dirname(process.argv[1]);
const behaviour = readFileSync(join(here, "behaviour"), "utf8").trim();
writeFileSync(join(here, "argv"), JSON.stringify(process.argv.slice(2)));
writeFileSync(join(here, "pid"), String(process.pid));
if (behaviour === "dies") {
  process.stderr.write("qemu-system-x86_64: could not open the disk\n");
  process.exit(1);
}
if (behaviour === "stubborn") {
  process.on("SIGTERM", () => undefined);
  const child = spawn("sh", ["-c", 'trap "" TERM; sleep 4711'], { stdio: "ignore" });
  writeFileSync(join(here, "grandchild"), String(child.pid));
}
if (behaviour === "mute") setInterval(() => undefined, 1000);
else serve();

function serve() {
  const line = (id) => connect(/path=(.*)$/.exec(process.argv.find((word) => word.startsWith(`socket,id=${id},`)))[1]);
  const [console_, talk] = [line("console"), line("talk")];
  for (const socket of [console_, talk]) socket.on("error", () => undefined);
  const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  let selected = 0;
  let running = false;
  const keys = [];
  say({ QMP: { version: {} } });
  createInterface({ input: process.stdin }).on("line", (text) => {
    const { execute, arguments: args, id } = JSON.parse(text);
    const answer = (value = {}) => say({ return: value, id });
    if (execute === "quit") return process.exit(0);
    if (execute === "screendump") {
      if (args.format === undefined) writeFileSync(args.filename, picture());
      else writeFileSync(args.filename, "PNG");
      return answer();
    }
    if (execute === "human-monitor-command")
      return answer(running ? "RIP=ffffffff81000000 CPL=0 HLT=1" : "RIP=000000007e000000 CPL=0 HLT=0");
    if (execute === "query-blockstats") return answer([{ device: "medium", stats: { rd_bytes: 5 } }]);
    if (execute === "input-send-event") for (const { data } of args.events) if (data.down) press(data.key.data);
    answer();
  });

  function picture() {
    const [width, height] = [64, 50];
    const pixels = Buffer.alloc(width * height * 3, 10);
    if (!running && behaviour !== "frozen")
      pixels.fill(255, selected * 10 * width * 3, (selected + 1) * 10 * width * 3);
    return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);
  }

  function press(key) {
    keys.push(key);
    writeFileSync(join(here, "keys"), keys.join(" "));
    if (running) return;
    if (key === "home") selected = 0;
    if (key === "end") selected = 4;
    if (key === "down") selected = Math.min(4, selected + 1);
    if (key === "ret" && behaviour !== "frozen") start();
  }

  function start() {
    running = true;
    if (behaviour === "panics") console_.write("[ 1.0] Kernel panic - not syncing: VFS: Unable to mount root fs\r\n");
    if (behaviour === "resets") say({ event: "RESET", data: { guest: true, reason: "guest-reset" } });
    if (behaviour === "parrots") console_.write("debian login: user\r\nroot is here\r\n");
    if (behaviour === "boots" || behaviour === "fails a check") getty();
  }

  /** A login prompt, and behind it a real shell on the second line. */
  function getty() {
    let state = "login";
    console_.write("\r\nDebian GNU/Linux 12 debian ttyS0\r\n\r\ndebian login: ");
    createInterface({ input: console_ }).on("line", (text) => {
      if (state === "login") {
        state = "password";
        console_.write("Password: ");
      } else if (state === "password") {
        state = text === "secret-word" ? "shell" : "login";
        console_.write(state === "shell" ? `\r\n${text}\r\nuser@debian:~$ ` : "\r\nLogin incorrect\r\ndebian login: ");
      } else if (text.startsWith("sudo")) {
        const shell = spawn("sh", [], {
          stdio: ["pipe", "pipe", "pipe"],
          env: { PATH: `${here}/guest:${process.env.PATH}` },
        });
        talk.write("root is here\n");
        talk.pipe(shell.stdin);
        shell.stdout.pipe(talk);
      }
    });
  }
}
