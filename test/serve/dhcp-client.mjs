// Asks by DHCP as a computer does that boots from the network (RFC 2131, RFC 4578), and prints what answers it gets. Runs in
// the client's network namespace; its only argument says as JSON what the computer is.
import { createSocket } from "node:dgram";

const { vendor, arch, user, again } = JSON.parse(process.argv[2]);
const mac = Buffer.from("525400abcdef", "hex");
const identity = Buffer.concat([Buffer.from([0]), Buffer.from("00112233445566778899aabbccddeeff", "hex")]);
const option = (code, bytes) => Buffer.concat([Buffer.from([code, bytes.length]), bytes]);

function packet(type, own) {
  const head = Buffer.alloc(236);
  head.set([1, 1, 6, 0]);
  head.writeUInt32BE(0x12345678, 4);
  head.writeUInt16BE(0x8000, 10); // answer to everybody: we have no address yet
  if (own !== undefined) head.set(own, 12);
  head.set(mac, 28);
  const number = Buffer.alloc(2);
  number.writeUInt16BE(arch);
  return Buffer.concat([
    head,
    Buffer.from([99, 130, 83, 99]),
    option(53, Buffer.from([type])),
    option(55, Buffer.from([1, 3, 6, 43, 54, 60, 66, 67])),
    option(60, Buffer.from(vendor)),
    option(93, number),
    option(94, Buffer.from([1, 3, 16])),
    option(97, identity),
    ...(user === undefined ? [] : [option(77, Buffer.from(user))]),
    Buffer.from([255]),
  ]);
}

const text = (bytes) => bytes.toString("latin1").replace(/\0.*$/s, "");

function answer(bytes, { address, port }) {
  const options = new Map();
  for (let at = 240; at < bytes.length && bytes[at] !== 255; at += bytes[at] === 0 ? 1 : 2 + bytes[at + 1])
    if (bytes[at] !== 0) options.set(bytes[at], bytes.subarray(at + 2, at + 2 + bytes[at + 1]));
  return {
    from: `${address}:${port}`,
    type: options.get(53)?.[0],
    yiaddr: bytes.subarray(16, 20).join("."),
    siaddr: bytes.subarray(20, 24).join("."),
    file: text(options.get(67) ?? bytes.subarray(108, 236)),
    vendor: text(options.get(60) ?? Buffer.alloc(0)),
  };
}

const socket = createSocket({ type: "udp4", reuseAddr: true });
const answers = [];
let last;
socket.on("message", (bytes, from) => {
  answers.push(answer(bytes, from));
  last ??= setTimeout(end, 300);
});
const late = setTimeout(end, 6_000);
socket.bind(68, () => {
  socket.setBroadcast(true);
  if (again) socket.send(packet(3, [10, 77, 0, 9]), 4011, "10.77.0.1");
  else socket.send(packet(1), 67, "255.255.255.255");
});

function end() {
  clearTimeout(late);
  process.stdout.write(JSON.stringify(answers));
  socket.close();
}
