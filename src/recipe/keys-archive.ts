import * as is from "./patterns.ts";
import { flag, keys, list, path, text } from "./shape.ts";

export const mirrors = keys({
  about: "Where packages come from, while building and later.",
  keys: {
    build: text({
      about:
        "The mirror to build from. auto takes the one this machine's apt is configured with. Nothing of it stays in the image.",
      example: "http://cdbuilder.debian.org/debian/",
      default: "auto",
      ...is.mirror,
    }),
    image: text({
      about: "The mirror that the booted system's apt uses. With an https address the base brings ca-certificates.",
      otherwise: "another archive's own address, or http://httpredir.debian.org/debian",
      example: "http://httpredir.debian.org/debian",
      ...is.url,
    }),
    security: text({
      about: "The security archive that the booted system's apt uses.",
      default: "http://security.debian.org/debian-security",
      ...is.url,
    }),
  },
});

export const archive = keys({
  about: "Another signed archive to bootstrap from instead of Debian's, such as a derivative's; and how old it may be.",
  otherwise: "Debian's own archive",
  needs: { url: ["keyring"], keyring: ["url"], suite: ["url", "keyring"] },
  keys: {
    url: text({
      about: "The archive's address.",
      example: "https://archive.example.org/derivative",
      otherwise: "Debian's own archive",
      essential: true,
      ...is.url,
    }),
    keyring: path({
      about: "The OpenPGP keyring that its Release files are signed with, beside the recipe.",
      otherwise: "Debian's own keys",
      essential: true,
      example: "keys/derivative.gpg",
      expects: "file",
    }),
    suite: text({ about: "The suite to bootstrap.", otherwise: "the recipe's suite", ...is.suite }),
    "check-valid-until": flag({
      about:
        "Refuse the archive when its Release file has expired. With false an old state is accepted, and you are warned.",
      default: true,
    }),
  },
});

const repository = keys({
  about: "A further signed repository, for the build and for the booted system.",
  keys: {
    name: text({ about: "Names its file in sources.list.d.", example: "tools", ...is.slug }),
    url: text({ about: "The repository's address.", ...is.url }),
    suite: text({ about: "Its suite.", otherwise: "the recipe's suite", ...is.suite }),
    components: list({
      about: "Its components.",
      item: text({ about: "A component.", ...is.component }),
      most: 10,
      default: ["main"],
    }),
    key: path({
      about: "Its OpenPGP key beside the recipe, armoured or binary.",
      example: "keys/tools.asc",
      expects: "file",
    }),
  },
});

export const repositories = list({ about: "Further signed repositories.", item: repository, most: 20 });
