/** What the landing page opens with: search, graph and ratings in one operation. */
export const DEMO_QUERY = `# Ctrl+Enter runs it. Mutations need a token: npm run token -- --user 1 --role admin
query Explore {
  searchTemplates(query: "scholarly serif layout for academic work", mode: HYBRID, first: 3) {
    similarity
    hits {
      score
      template {
        name
        rating
        ratingCount
        category { name }
        ratings(first: 2) { rating review }
        similar(first: 2) { weight template { name } }
      }
    }
  }
  templates(first: 5, orderBy: { field: USAGE, direction: DESC }) {
    totalCount
    nodes { id name usage }
  }
}
`;
