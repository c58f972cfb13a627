using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mayu.Server.Api.Description;

/// <summary>A page to read, made of the OpenAPI document: no script, nothing to load. Every text of the document is encoded.</summary>
internal sealed class DescriptionPage
{
    private const string Style = """
        body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}
        code,pre{font:.9rem/1.4 ui-monospace,monospace}pre{background:#f3f3f3;padding:.7rem;overflow:auto}
        details{border-top:1px solid #ddd;padding:.4rem 0}summary{cursor:pointer}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-top:1px solid #eee}
        .method{display:inline-block;min-width:4rem;font-weight:700}.muted{color:#595959}
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}a{color:#8ab4f8}pre{background:#242424}details,th,td{border-color:#333}.muted{color:#a5a5a5}}
        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _document;
    private readonly StringBuilder _html = new();

    private DescriptionPage(JsonObject document) => _document = document;

    /// <summary>What the browser may load for it: its own style, which is in it.</summary>
    public static string SecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The page of a document.</summary>
    public static string Of(JsonObject document) => new DescriptionPage(document).Write();

    private string Write()
    {
        var info = _document["info"]!;
        var title = $"{info["title"]} {info["version"]}";
        _html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
        Text(title);
        _html.Append("</title><style>").Append(Style).Append("</style></head><body>\n");
        Element("h1", title);
        Element("p", (string?)info["summary"]);
        Element("p", (string?)info["description"]);
        Element("p", (string?)_document["components"]!["securitySchemes"]![OperationDescription.TokenScheme]!["description"]);
        _html.Append("<p>For programs: <a href=\"/openapi/v1.json\">/openapi/v1.json</a>. <a href=\"#schemas\">Schemas</a> are at the end. Every refusal is an <a href=\"#schema-ApiProblem\">ApiProblem</a>.</p>\n");
        var operations =
            from path in _document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (Path: path.Key, Method: operation.Key.ToUpperInvariant(), Operation: operation.Value!.AsObject());
        foreach (var group in operations.GroupBy(one => (string?)one.Operation["tags"]![0], StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Element("h2", group.Key);
            foreach (var (path, method, operation) in group)
            {
                WriteOperation(path, method, operation);
            }
        }

        _html.Append("<h2 id=\"schemas\">Schemas</h2>\n");
        foreach (var (name, schema) in _document["components"]!["schemas"]!.AsObject())
        {
            WriteSchema(name, schema!.AsObject());
        }

        return _html.Append("</body></html>\n").ToString();
    }

    private void WriteOperation(string path, string method, JsonObject operation)
    {
        Open("details", (string?)operation["operationId"]);
        _html.Append("<summary>");
        Element("span", method, "method");
        Element("code", path);
        _html.Append(' ');
        Element("span", (string?)operation["summary"], "muted");
        _html.Append("</summary>\n");
        Element("p", operation["security"]!.AsArray() is [var needed] ? $"Least role: {needed![OperationDescription.TokenScheme]![0]}." : "For everybody, without a token.");
        if (operation["parameters"] is JsonArray parameters)
        {
            WriteRows(["parameter", "in", "type", "meaning", "example"], parameters.Select(parameter => new Action[]
            {
                () => Element("code", (string?)parameter!["name"]),
                () => Text((string?)parameter!["in"]),
                () => WriteType(parameter!["schema"]!.AsObject()),
                () => Text((string?)parameter!["description"]),
                () => Element("code", parameter!["example"]!.ToString()),
            }));
        }

        if (operation["requestBody"] is { } body)
        {
            Element("h4", "Body");
            WriteContent(body["content"]!.AsObject());
        }

        Element("h4", "Answers");
        foreach (var (status, answer) in operation["responses"]!.AsObject())
        {
            var shared = (string?)answer!["$ref"];
            var response = shared is null ? answer : _document["components"]!["responses"]![shared[(shared.LastIndexOf('/') + 1)..]]!;
            _html.Append("<p>");
            Element("b", status);
            _html.Append(' ');
            Text((string?)response["description"]);
            _html.Append("</p>\n");
            // A problem is the same everywhere: its schema is at the end.
            if (shared is null && response["content"] is JsonObject content)
            {
                WriteContent(content);
            }
        }

        _html.Append("</details>\n");
    }

    private void WriteContent(JsonObject content)
    {
        foreach (var (type, media) in content)
        {
            _html.Append("<p>");
            Element("code", type);
            _html.Append(": ");
            WriteType(media!["schema"]!.AsObject());
            _html.Append("</p>\n");
            if (media["examples"] is JsonObject examples)
            {
                Element("pre", _document["components"]!["examples"]![examples.First().Key]!["value"]!.ToJsonString(Indented));
            }
            else if (media["example"] is { } example)
            {
                Element("pre", example.ToString());
            }
        }
    }

    private void WriteSchema(string name, JsonObject schema)
    {
        Open("details", IdOf(name));
        _html.Append("<summary>");
        Element("code", name);
        _html.Append(' ');
        Element("span", (string?)schema["description"], "muted");
        _html.Append("</summary>\n");
        var required = schema["required"] as JsonArray ?? [];
        WriteRows(["key", "type", "meaning"], (schema["properties"] as JsonObject ?? []).Select(property => new Action[]
        {
            () =>
            {
                Element("code", property.Key);
                Text(required.Any(one => (string?)one == property.Key) ? "" : " (optional)");
            },
            () => WriteType(property.Value as JsonObject ?? []),
            () => Text((string?)property.Value?["description"]),
        }));
        _html.Append("</details>\n");
    }

    private void WriteType(JsonObject schema)
    {
        const string Root = "#/components/schemas/";
        if ((string?)schema["$ref"] is { } reference)
        {
            var name = reference[Root.Length..];
            _html.Append("<a href=\"#");
            Text(IdOf(name));
            _html.Append("\">");
            Text(name);
            _html.Append("</a>");
        }
        else if (schema["items"] is JsonObject items)
        {
            _html.Append("list of ");
            WriteType(items);
        }
        else if (schema["additionalProperties"] is JsonObject values)
        {
            _html.Append("map to ");
            WriteType(values);
        }
        else if (schema["enum"] is JsonArray choices)
        {
            Text(string.Join(" | ", choices.Select(choice => choice?.ToString())));
        }
        else
        {
            Text(schema["type"] switch
            {
                JsonArray types => string.Join(" or ", types.Select(type => (string?)type)),
                { } type => (string?)(schema["format"] ?? type),
                null => "any",
            });
        }
    }

    private void WriteRows(string[] heads, IEnumerable<Action[]> rows)
    {
        _html.Append("<table><tr>");
        foreach (var head in heads)
        {
            Element("th", head);
        }

        _html.Append("</tr>\n");
        foreach (var row in rows)
        {
            _html.Append("<tr>");
            foreach (var cell in row)
            {
                _html.Append("<td>");
                cell();
                _html.Append("</td>");
            }

            _html.Append("</tr>\n");
        }

        _html.Append("</table>\n");
    }

    private void Element(string tag, string? text, string? style = null)
    {
        _html.Append('<').Append(tag);
        if (style is not null)
        {
            _html.Append(" class=\"").Append(style).Append('"');
        }

        _html.Append('>');
        Text(text);
        _html.Append("</").Append(tag).Append('>');
    }

    private void Open(string tag, string? id)
    {
        _html.Append('<').Append(tag).Append(" id=\"");
        Text(id);
        _html.Append("\">");
    }

    private void Text(string? text) => _html.Append(WebUtility.HtmlEncode(text));

    private static string IdOf(string schema) => "schema-" + schema;
}
