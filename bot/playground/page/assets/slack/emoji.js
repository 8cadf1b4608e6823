/* The emoji that this page knows by name, a small part of Slack's list (github.com/iamcal/emoji-data). Slack draws pictures
   for them, this page the characters. A name that is not here stays as it is written, as an unknown one does in Slack. */

const NAMED = named(`
  100 💯 1234 🔢 airplane ✈️ alarm_clock ⏰ ambulance 🚑 anchor ⚓ angry 😠 arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️
  arrow_up ⬆️ arrows_counterclockwise 🔄 astonished 😲 balloon 🎈 bangbang ‼️ bar_chart 📊 battery 🔋 beer 🍺 beers 🍻 bell 🔔
  birthday 🎂 black_circle ⚫ blue_heart 💙 blush 😊 bomb 💣 book 📖 books 📚 boom 💥 bow 🙇 broken_heart 💔 bug 🐛 bulb 💡
  burger 🍔 bus 🚌 cake 🍰 calendar 📆 calling 📲 camera 📷 candle 🕯️ car 🚗 cat 🐱 chart_with_downwards_trend 📉
  chart_with_upwards_trend 📈 checkered_flag 🏁 clap 👏 clapper 🎬 clipboard 📋 clock1 🕐 clock12 🕛 clock3 🕒 clock6 🕕 clock9 🕘
  closed_lock_with_key 🔐 cloud ☁️ cn 🇨🇳 coffee ☕ collision 💥 computer 💻 confetti_ball 🎊 confused 😕 construction 🚧
  cool 🆒 crossed_fingers 🤞 cry 😢 crystal_ball 🔮 date 📅 de 🇩🇪 desktop_computer 🖥️ disappointed 😞 dizzy 💫 dog 🐶 dragon 🐉
  droplet 💧 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 electric_plug 🔌 email ✉️ envelope ✉️ exclamation ❗
  expressionless 😐 eyes 👀 face_with_rolling_eyes 🙄 fearful 😨 file_folder 📁 fire 🔥 fire_engine 🚒 firecracker 🧨
  first_place_medal 🥇 fist ✊ flashlight 🔦 flushed 😳 fr 🇫🇷 frowning ☹️ gb 🇬🇧 gear ⚙️ gem 💎 ghost 👻 gift 🎁 gift_heart 💝
  globe_with_meridians 🌐 green_book 📗 green_circle 🟢 green_heart 💚 grey_exclamation ❕ grey_question ❔ grimacing 😬 grin 😁
  grinning 😀 hammer 🔨 hammer_and_wrench 🛠️ hand ✋ handshake 🤝 hankey 💩 hear_no_evil 🙉 heart ❤️ heart_eyes 😍
  heavy_check_mark ✔️ heavy_exclamation_mark ❗ heavy_minus_sign ➖ heavy_multiplication_x ✖️ heavy_plus_sign ➕ herb 🌿
  hospital 🏥 hotsprings ♨️ hourglass ⌛ hourglass_flowing_sand ⏳ house 🏠 hugging_face 🤗 inbox_tray 📥
  information_source ℹ️ innocent 😇 iphone 📱 joy 😂 jp 🇯🇵 key 🔑 keycap_ten 🔟 kiss 💋 label 🏷️ large_blue_circle 🔵
  large_green_circle 🟢 large_orange_circle 🟠 large_yellow_circle 🟡 laughing 😆 link 🔗 lock 🔒 loudspeaker 📢 mag 🔍
  mailbox 📫 mega 📣 melting_face 🫠 memo 📝 metro 🚇 microphone 🎤 money_with_wings 💸 moneybag 💰 moon 🌔 muscle 💪
  musical_note 🎵 mute 🔇 negative_squared_cross_mark ❎ neutral_face 😐 new 🆕 newspaper 📰 no_bell 🔕 no_entry ⛔
  no_entry_sign 🚫 notebook 📓 ocean 🌊 octagonal_sign 🛑 office 🏢 ok 🆗 ok_hand 👌 open_mouth 😮 outbox_tray 📤 package 📦
  page_facing_up 📄 palm_tree 🌴 panda_face 🐼 paperclip 📎 partying_face 🥳 pencil 📝 pencil2 ✏️ pensive 😔 phone ☎️ pill 💊
  pizza 🍕 point_down 👇 point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 police_car 🚓 poop 💩 pray 🙏 purple_heart 💜
  pushpin 📌 question ❓ rabbit 🐰 radio_button 🔘 rage 😡 rainbow 🌈 raised_hand ✋ raised_hands 🙌 receipt 🧾 recycle ♻️
  red_circle 🔴 red_envelope 🧧 relaxed ☺️ relieved 😌 robot_face 🤖 rocket 🚀 rolling_on_the_floor_laughing 🤣 rose 🌹
  rotating_light 🚨 round_pushpin 📍 running 🏃 sad 😢 sake 🍶 satellite 📡 satellite_antenna 📡 scream 😱 see_no_evil 🙈
  seedling 🌱 shield 🛡️ ship 🚢 shipit 🐿️ shrug 🤷 slightly_frowning_face 🙁 slightly_smiling_face 🙂 small_red_triangle 🔺
  smile 😄 smiley 😃 smirk 😏 snowflake ❄️ sob 😭 soccer ⚽ sos 🆘 sparkles ✨ sparkling_heart 💖 speak_no_evil 🙊
  speech_balloon 💬 star ⭐ star-struck 🤩 star2 🌟 stars 🌠 stop_sign 🛑 stopwatch ⏱️ sunflower 🌻 sunglasses 😎 sunny ☀️
  sunrise 🌅 sweat 😓 sweat_smile 😅 tada 🎉 tea 🍵 telephone_receiver 📞 thinking_face 🤔 thought_balloon 💭 thumbsdown 👎
  thumbsup 👍 ticket 🎫 timer_clock ⏲️ tiger 🐯 toolbox 🧰 train 🚆 triangular_flag_on_post 🚩 trophy 🏆 truck 🚚 turtle 🐢
  umbrella ☔ unamused 😒 unlock 🔓 upside_down_face 🙃 us 🇺🇸 v ✌️ vibration_mode 📳 warning ⚠️ wave 👋
  waving_black_flag 🏴 waving_white_flag 🏳️ weary 😩 white_check_mark ✅ white_circle ⚪ wink 😉 worried 😟 wrench 🔧
  writing_hand ✍️ x ❌ yellow_heart 💛 yum 😋 zap ⚡ zipper_mouth_face 🤐 zzz 💤 +1 👍 -1 👎
`);

/** The names that are known. */
export const NAMES = [...NAMED.keys()];

const FIRST_TONE = 0x1f3fb;
/* The character of ":skin-tone-2:", the lightest. */

/** Matches an emoji's name between colons, with the tone of skin that may follow it, wherever lastIndex stands. */
export const EMOJI = /:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/y;

/** Return the character of a name (and of a tone of skin, "2" to "6"); null for a name that is not known here. */
export function emojiOf(name, tone) {
  const found = NAMED.get(name);
  if (!found || !tone) return found ?? null;
  return found.replace("\ufe0f", "") + String.fromCodePoint(FIRST_TONE + Number(tone) - 2);
}

function named(table) {
  const words = table.trim().split(/\s+/);
  return new Map(words.flatMap((word, at) => (at % 2 ? [] : [[word, words[at + 1]]])));
}
