/**
 * Whom a log is about: the host of its first whole URL. What was asked of others (trackers, a CDN) is not sent to the
 * server that is tested now.
 */
export class TargetHost {
  #origin: string | undefined;

  /** Path and query; undefined for another host. What is no URL comes back as it is. */
  pathOf(url: string): string | undefined {
    if (url.startsWith('/') && !url.startsWith('//')) return url;
    if (!URL.canParse(url)) return url;
    const { origin, pathname, search } = new URL(url);
    this.#origin ??= origin;
    return origin === this.#origin ? `${pathname}${search}` : undefined;
  }
}
