// The lab's HTTP server: static, with ranges, and with the faults it is told. Arguments: the lab's folder, faults as JSON:
//   cut: {PATH: n}    the first n answers break off halfway
//   hang: {PATH: n}   the first n answers come halfway and no further
//   flip: {PATH: n}   the first n answers have a byte flipped
//   gone: n           after n whole modules the server closes its port; `back` seconds later it is there again
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [folder, told] = process.argv.slice(2);
const faults = JSON.parse(told);
let modules = 0;

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url).slice(1);
  const range = /^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1];
  appendFileSync(join(folder, "requests"), `${path}${range === undefined ? "" : ` from ${range}`}\n`);
  let content;
  try {
    content = readFileSync(join(folder, "served", path));
  } catch {
    response.writeHead(404).end();
    return;
  }
  if (take("flip", path)) content[content.length >> 1] ^= 1;
  const size = content.length;
  if (range !== undefined) content = content.subarray(Number(range));
  const headers = { "content-length": content.length, "content-range": `bytes ${range ?? 0}-${size - 1}/${size}` };
  response.writeHead(range === undefined ? 200 : 206, headers);
  if (take("cut", path)) {
    response.write(content.subarray(0, content.length >> 1), () => setTimeout(() => request.socket.destroy(), 100));
    return;
  }
  if (take("hang", path)) {
    response.write(content.subarray(0, content.length >> 1));
    return;
  }
  response.end(content, () => {
    if (path.endsWith(".squashfs") && ++modules === faults.gone) leave();
  });
});

const listen = () => server.listen(80, "10.9.0.1", () => writeFileSync(join(folder, "requests"), "", { flag: "a" }));

function take(fault, path) {
  const left = faults[fault]?.[path] ?? 0;
  if (left > 0) faults[fault][path] = left - 1;
  return left > 0;
}

function leave() {
  server.close();
  server.closeAllConnections();
  if (faults.back !== undefined) setTimeout(listen, faults.back * 1000);
}

listen();
