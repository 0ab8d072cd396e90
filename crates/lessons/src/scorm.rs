//! A lesson as a SCORM 1.2 package: a zip with a manifest, a page that holds the lesson in a frame, and the
//! script that reports completion and score.

use crate::zip::{Packed, stored};

const PAGE: &str = include_str!("../assets/scorm.html");
const SCRIPT: &str = include_str!("../assets/scorm.js");

/// A package of the lesson `id`. `address` is what the frame shows: a whole address, or one beside the page of
/// the package where `files` brings the built page (name and content; names with forward slashes).
///
/// # Errors
/// A sentence when the address is neither, or all of it is too large for a zip.
pub fn package(id: &str, title: &str, address: &str, files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, String> {
    let known = ["https://", "http://"].iter().any(|start| address.starts_with(start));
    if !known && files.is_empty() {
        return Err(format!("“{address}” is no address of a page: it must begin with https:// or http://."));
    }
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    if bytes > 2_000_000_000 || files.len() > 60_000 {
        return Err("The page is too large for a package.".to_owned());
    }
    let fill =
        |text: &str| text.replace("__TITLE__", &escaped(title)).replace("__ADDRESS__", &escaped(address));
    let page = fill(PAGE);
    let listed: Vec<&str> =
        ["lesson.html", "scorm.js"].into_iter().chain(files.iter().map(|(name, _)| name.as_str())).collect();
    let manifest = manifest(id, title, &listed);
    let mut all = vec![
        Packed { name: "imsmanifest.xml", bytes: manifest.as_bytes() },
        Packed { name: "lesson.html", bytes: page.as_bytes() },
        Packed { name: "scorm.js", bytes: SCRIPT.as_bytes() },
    ];
    all.extend(files.iter().map(|(name, content)| Packed { name, bytes: content }));
    Ok(stored(&all))
}

fn manifest(id: &str, title: &str, files: &[&str]) -> String {
    let title = escaped(title);
    let id = escaped(id);
    let files: Vec<String> =
        files.iter().map(|name| format!("      <file href=\"{}\"/>\n", escaped(name))).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="map-palette-{id}" version="1.0"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="map-palette">
    <organization identifier="map-palette">
      <title>{title}</title>
      <item identifier="item-{id}" identifierref="lesson" isvisible="true">
        <title>{title}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="lesson" type="webcontent" adlcp:scormtype="sco" href="lesson.html">
{files}    </resource>
  </resources>
</manifest>
"#,
        files = files.concat()
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
