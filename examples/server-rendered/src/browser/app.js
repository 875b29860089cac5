// A click on a link asks for the data of that page alone; what was rendered on the server stays.
document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[href^="/products/"]');
  if (link === null) return;
  event.preventDefault();
  const response = await fetch(`/_data${link.pathname}.json`);
  const { title, price } = await response.json();
  document.querySelector('h1').textContent = title;
  document.querySelector('.price').textContent = price;
  history.pushState({}, '', link.pathname);
});
