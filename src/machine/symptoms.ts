interface Symptom {
  readonly pattern: RegExp;
  readonly meaning: (found: RegExpExecArray) => string;
}

/** Ends from which no guest comes back, best explanation first. Waiting on would only hide them. */
const symptoms: readonly Symptom[] = [
  // hooks/initramfs/livewright says why it gave up, then what a person can do about it.
  {
    pattern: /livewright: This cannot work as it is: (.*?)\r?\n/,
    meaning: ([, why]) => `the guest could not use what the server gave it: ${String(why).trim()}`,
  },
  {
    pattern: /livewright: Given up after (\d+ rounds?)\. What failed last: (.*?)\r?\n/,
    meaning: ([, tries, why]) => `the guest could not fetch its modules in ${String(tries)}: ${String(why).trim()}`,
  },
  {
    pattern: /Unable to find a (?:live file system|medium containing a live file system)/,
    meaning: () => "no live file system found",
  },
  { pattern: /No bootable (?:device|option or device)/, meaning: () => "the firmware found nothing to start" },
  {
    pattern: /BdsDxe: failed to (?:load|start) .*: (Security Violation|Access Denied)/,
    meaning: ([, why]) => `the firmware refused the boot loader: ${String(why)}`,
  },
  { pattern: /error: .*has invalid signature\./, meaning: ([line]) => `the boot loader refused: ${line}` },
  { pattern: /grub rescue>/, meaning: () => "GRUB stopped at its rescue prompt" },
  { pattern: /^grub> /m, meaning: () => "GRUB stopped at its prompt without a menu" },
  { pattern: /Kernel panic - not syncing: (.*)/, meaning: ([, why]) => `the kernel panicked: ${String(why).trim()}` },
  { pattern: /SQUASHFS error: (.*)/, meaning: ([, why]) => `a squashfs module cannot be read: ${String(why).trim()}` },
  {
    pattern: /live-boot will now start a shell\. The error message was:\s+(\S.*?)\r?\n/,
    meaning: ([, why]) => `live-boot gave up and opened a shell in the initramfs: ${String(why).trim()}`,
  },
  // The shell asks the terminal where its cursor is.
  { pattern: /\(initramfs\) ?(?:\u001b\[6n)?$/, meaning: () => "the initramfs gave up and opened a shell" },
  { pattern: /You are in (emergency|rescue) mode/, meaning: ([, mode]) => `systemd stopped in ${String(mode)} mode` },
  {
    pattern: /Cannot open access to console, the root account is locked/,
    meaning: () => "systemd stopped in emergency mode",
  },
];

/** What a console's text says went wrong for good, if anything. */
export function diagnosis(text: string): string | undefined {
  for (const { pattern, meaning } of symptoms) {
    const found = pattern.exec(text);
    if (found !== null) return meaning(found);
  }
  return undefined;
}
