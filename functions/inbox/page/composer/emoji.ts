/** What is written to customers often. Every other one comes by the system's own picker. */
export const emoji = [
  '😀 😃 😄 😁 😅 😂 🙂 😉 😊 😍 🥰 😘 😎 🤩 🥳 🤗 🤔 😏 😌 😴 😢 😭 😱 😡 🙄 😬 🤯 🤝',
  '👍 👎 👏 🙌 🙏 👋 💪 👌 🤞 ✌️ 👀 💯 ✅ ❌ ⚠️ ❓ ❗ 💬 📣 🔔',
  '❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💕 💔 🔥 ✨ ⭐ 🌟 🎉 🎁 🎂 🌸 🌹 ☀️',
  '📦 🚚 🛍️ 🛒 💳 🏷️ 📍 📅 ⏰ 📷 🎥 📞 📧 🔗 🏠 ☕ 🍕 ✈️ 👗 👟',
].map((line) => line.split(' '));
