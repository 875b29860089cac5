/** The one article on the page, for the skip link. */
export const articleId = 'looked-at';
