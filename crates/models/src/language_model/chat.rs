//! How a chat is written for a model: the usual templates, known by the marks that a file's own template
//! names.

/// A family of templates.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Template {
    /// `<|im_start|>user … <|im_end|>`: SmolLM2, Qwen and others. `system`: what the file's template says
    /// where nothing else is said.
    ChatMl { system: Option<String> },
    /// `<|user|> … </s>`: TinyLlama, Zephyr.
    Zephyr,
    /// `[INST] … [/INST]`: Llama 2, Mistral.
    Inst,
    /// `<|start_header_id|>user<|end_header_id|> … <|eot_id|>`: Llama 3.
    Llama3,
    /// A model that was not trained to chat: it goes on from the prompt.
    Plain,
}

/// A piece of a chat.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A special token by its name.
    Mark(&'static str),
    Text(String),
}

impl Template {
    /// The family that the template in a file belongs to.
    pub(super) fn of(template: Option<&str>) -> Self {
        let Some(template) = template else { return Template::Plain };
        if template.contains("<|im_start|>") {
            // SmolLM2's and Qwen's templates say one sentence unless the chat begins with another. The end of
            // the line is one, or is written out for the template's own language.
            let mut said = template.split("<|im_start|>system").skip(1).filter_map(|rest| {
                let rest = rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\\n"))?;
                let (system, _) = rest.split_once("<|im_end|>")?;
                (!system.contains(['{', '\'', '+'])).then(|| system.to_owned())
            });
            Template::ChatMl { system: said.next() }
        } else if template.contains("<|start_header_id|>") {
            Template::Llama3
        } else if template.contains("<|user|>") {
            Template::Zephyr
        } else if template.contains("[INST]") {
            Template::Inst
        } else {
            Template::Plain
        }
    }

    /// The special tokens that it is made of.
    pub(super) fn marks(&self) -> &'static [&'static str] {
        match self {
            Template::ChatMl { .. } => &["<|im_start|>", "<|im_end|>"],
            Template::Zephyr => &["</s>"],
            Template::Inst => &["<s>"],
            Template::Llama3 => {
                &["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
            }
            Template::Plain => &[],
        }
    }

    /// The chat up to where the answer begins. `system`: `None` for what the template says by itself, empty
    /// for nothing.
    pub(super) fn parts(&self, prompt: &str, system: Option<&str>) -> Vec<Part> {
        let text = |text: &str| Part::Text(text.to_string());
        let usual = if let Template::ChatMl { system } = self { system.as_deref() } else { None };
        let system = system.or(usual).filter(|system| !system.is_empty());
        let mut parts = Vec::new();
        match self {
            Template::ChatMl { .. } => {
                for (role, said) in system.map(|said| ("system", said)).into_iter().chain([("user", prompt)])
                {
                    parts.extend([
                        Part::Mark("<|im_start|>"),
                        Part::Text(format!("{role}\n{said}")),
                        Part::Mark("<|im_end|>"),
                        text("\n"),
                    ]);
                }
                parts.extend([Part::Mark("<|im_start|>"), text("assistant\n")]);
            }
            Template::Zephyr => {
                for (role, said) in system.map(|said| ("system", said)).into_iter().chain([("user", prompt)])
                {
                    parts.extend([Part::Text(format!("<|{role}|>\n{said}")), Part::Mark("</s>"), text("\n")]);
                }
                parts.push(text("<|assistant|>\n"));
            }
            Template::Inst => {
                let system = system.map(|said| format!("<<SYS>>\n{said}\n<</SYS>>\n\n")).unwrap_or_default();
                parts.extend([Part::Mark("<s>"), Part::Text(format!("[INST] {system}{prompt} [/INST]"))]);
            }
            Template::Llama3 => {
                parts.push(Part::Mark("<|begin_of_text|>"));
                for (role, said) in system.map(|said| ("system", said)).into_iter().chain([("user", prompt)])
                {
                    parts.extend([
                        Part::Mark("<|start_header_id|>"),
                        text(role),
                        Part::Mark("<|end_header_id|>"),
                    ]);
                    parts.extend([Part::Text(format!("\n\n{said}")), Part::Mark("<|eot_id|>")]);
                }
                parts.extend([
                    Part::Mark("<|start_header_id|>"),
                    text("assistant"),
                    Part::Mark("<|end_header_id|>"),
                    text("\n\n"),
                ]);
            }
            Template::Plain => {
                let system = system.map(|said| format!("{said}\n\n")).unwrap_or_default();
                parts.push(Part::Text(format!("{system}{prompt}\n")));
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(template: &Template, system: Option<&str>) -> String {
        let parts = template.parts("Hi?", system);
        parts.into_iter().map(|part| if let Part::Text(text) = part { text } else { "#".into() }).collect()
    }

    #[test]
    fn templates_are_told_apart_and_written_out() {
        let smol = "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nBe kind.<|im_end|>\n' \
            }}{% endif %}{{'<|im_start|>' + message['role']}}";
        let chat_ml = Template::of(Some(smol));
        assert_eq!(chat_ml, Template::ChatMl { system: Some("Be kind.".into()) });
        assert_eq!(written(&chat_ml, None), "#system\nBe kind.#\n#user\nHi?#\n#assistant\n");
        assert_eq!(written(&chat_ml, Some("Be brief.")), "#system\nBe brief.#\n#user\nHi?#\n#assistant\n");
        assert_eq!(written(&chat_ml, Some("")), "#user\nHi?#\n#assistant\n");

        // Qwen2.5 names a place for tools first, and writes ends of lines out.
        let qwen = r"{%- if tools %}{{- '<|im_start|>system\n' }}{{- messages[0].content }}{{- '<|im_end|>\n' }}\
            {%- else %}{{- '<|im_start|>system\nYou are Qwen.<|im_end|>\n' }}{%- endif %}";
        assert_eq!(Template::of(Some(qwen)), Template::ChatMl { system: Some("You are Qwen.".into()) });

        let zephyr = Template::of(Some(
            "{% if message['role'] == 'user' %}{{ '<|user|>\n' + message['content'] + eos_token }}",
        ));
        assert_eq!(written(&zephyr, None), "<|user|>\nHi?#\n<|assistant|>\n");
        let inst = Template::of(Some("{{ bos_token + '[INST] ' + message['content'] + ' [/INST]' }}"));
        assert_eq!(written(&inst, Some("Be brief.")), "#[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi? [/INST]");
        let llama_3 =
            Template::of(Some("{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}"));
        assert_eq!(written(&llama_3, None), "##user#\n\nHi?##assistant#\n\n");
        assert_eq!(written(&Template::of(None), Some("Be brief.")), "Be brief.\n\nHi?\n");
    }
}
