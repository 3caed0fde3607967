export default function (config) {
  config.addPassthroughCopy("content/style.css");
  config.addCollection("sections", (api) => api.getFilteredByGlob("content/*/index.md"));
  config.addCollection("pagesBySection", (api) =>
    Object.groupBy(
      api.getAll().filter((item) => item.fileSlug !== item.data.section),
      (item) => item.data.section,
    ),
  );
  return {
    dir: { input: "content", includes: "../layouts", data: "../data" },
    // The pages contain braces, and no template code.
    markdownTemplateEngine: false,
  };
}
