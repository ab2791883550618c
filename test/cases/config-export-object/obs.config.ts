export default { name: "shop" };
