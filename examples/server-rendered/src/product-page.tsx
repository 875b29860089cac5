import { assets } from './assets.ts';

export interface Product {
  readonly slug: string;
  readonly title: string;
  readonly price: string;
  /** Slugs of others like it. */
  readonly related: readonly string[];
}

export function ProductPage({ title, price, related }: Product) {
  return (
    <html lang="en">
      <head>
        <title>{title}</title>
        <link rel="stylesheet" href={assets.styles.path} />
        <script src={assets.script.path} defer />
      </head>
      <body>
        <img src={assets.logo.path} alt="" width="48" />
        <h1>{title}</h1>
        <p className="price">{price}</p>
        <nav>
          {related.map((slug) => (
            <a key={slug} href={`/products/${slug}`}>
              {slug.replace('-', ' ')}
            </a>
          ))}
        </nav>
      </body>
    </html>
  );
}
