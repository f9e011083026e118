// Lists that a page shows whole.

/** More than anybody looks through; what is beyond is not asked for. */
const PAGES_MAX = 20;

interface Page {
  readonly nextPageToken?: string;
}

/** The pages of a list, one after the other. */
export async function allPages<P extends Page>(read: (nextPageToken: string) => Promise<P>): Promise<readonly P[]> {
  const pages: P[] = [];
  let token = '';
  do {
    const page = await read(token);
    pages.push(page);
    token = page.nextPageToken ?? '';
  } while (token !== '' && pages.length < PAGES_MAX);
  return pages;
}
