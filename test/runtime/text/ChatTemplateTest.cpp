//===- ChatTemplateTest.cpp - conversations as text -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/ChatTemplate.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::text;

namespace {

const std::vector<ChatMessage> conversation = {
    {"system", "Be brief."},
    {"user", " Hi "},
    {"assistant", "<think>hm</think>\n\nHello."},
    {"user", "Bye"}};

std::string render(std::string_view source, bool addGenerationPrompt,
                   const std::vector<ChatMessage> &messages = conversation) {
  Result<ChatTemplate> chat = ChatTemplate::create(source);
  if (!chat)
    return chat.status().message();
  Result<std::string> text =
      chat->render(messages, addGenerationPrompt, "<s>", "</s>");
  return text ? *text : text.status().message();
}

TEST(ChatTemplate, RendersRolesAndSpecialTokens) {
  EXPECT_EQ(render("{{ bos_token }}{% for m in messages %}[{{ m.role }}]"
                   "{{ m['content'] | trim }}{{ eos_token }}{% endfor %}",
                   false),
            "<s>[system]Be brief.</s>[user]Hi</s>[assistant]<think>hm</think>"
            "\n\nHello.</s>[user]Bye</s>");
}

TEST(ChatTemplate, AddsAGenerationPromptOnDemand) {
  std::string source = "{% if add_generation_prompt %}<answer>{% endif %}";
  EXPECT_EQ(render(source, true), "<answer>");
  EXPECT_EQ(render(source, false), "");
}

// What templates of reasoning models do: find the last question, then leave out
// the thoughts of answers before it.
TEST(ChatTemplate, DropsThoughtsOfEarlierTurns) {
  EXPECT_EQ(render("{%- set ns = namespace(last=-1) %}\n"
                   "{%- for m in messages[::-1] %}\n"
                   "  {%- set index = (messages|length - 1) - loop.index0 %}\n"
                   "  {%- if ns.last < 0 and m.role == 'user' %}\n"
                   "    {%- set ns.last = index %}\n"
                   "  {%- endif %}\n"
                   "{%- endfor %}\n"
                   "{%- for m in messages %}\n"
                   "  {%- set text = m.content %}\n"
                   "  {%- if loop.index0 < ns.last and '</think>' in text %}\n"
                   "    {%- set text = text.split('</think>')[-1]"
                   ".lstrip('\\n') %}\n"
                   "  {%- endif %}\n"
                   "  {{- '<' + m.role + '>' + text.strip() + '\\n' }}\n"
                   "{%- endfor %}\n",
                   false),
            "<system>Be brief.\n<user>Hi\n<assistant>Hello.\n<user>Bye\n");
}

TEST(ChatTemplate, TemplateMayRefuseTheConversation) {
  EXPECT_EQ(render("{% for m in messages %}\n"
                   "{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}\n"
                   "{{ raise_exception('roles must alternate') }}\n"
                   "{% endif %}{% endfor %}",
                   false),
            "chat template: line 3: the template raised 'roles must "
            "alternate'");
}

TEST(ChatTemplate, MessagesCarryNothingButRoleAndContent) {
  EXPECT_EQ(render("{{ messages[0].tool_calls is defined }}"
                   "{{ 'name' in messages[0] }}",
                   false),
            "FalseFalse");
}

// Templates ask whether they are defined, or whether they are none.
TEST(ChatTemplate, ToolsAndDocumentsAreNone) {
  EXPECT_EQ(render("{{ tools }}{{ documents }}{{ tools is defined }}", false),
            "NoneNoneTrue");
}

TEST(ChatTemplate, TokenThatIsNotSetIsUndefined) {
  Result<ChatTemplate> chat = ChatTemplate::create(
      "{{ bos_token is defined }}{{ eos_token is defined }}");
  ASSERT_TRUE(chat);
  EXPECT_EQ(*chat->render({}, false, "", "</s>"), "FalseTrue");
}

TEST(ChatTemplate, EmptyTemplateGivesNoText) {
  EXPECT_EQ(render("", true), "");
}

TEST(ChatTemplate, SourceThatIsNotUtf8) {
  EXPECT_EQ(render("a\xFF", false), "chat template expects valid UTF-8, got a "
                                    "bad byte at offset 1");
}

TEST(ChatTemplate, MessageThatIsNotUtf8) {
  EXPECT_EQ(render("a", false, {{"user", "a"}, {"user", "ab\xFF"}}),
            "message 1 expects valid UTF-8, got a bad byte at offset 2");
}

} // namespace
