const { rank } = require('./rank');
class Order { static pick(a, b) { return rank(a) >= rank(b) ? a : b; } }
module.exports = { pickFreshestJwt: Order.pick };
