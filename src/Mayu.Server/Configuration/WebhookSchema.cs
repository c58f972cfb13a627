using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Selection;
using Mayu.Linux.Files;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>webhooks</c>.</summary>
internal static class WebhookSchema
{
    private const int MaxUrl = 2048;
    private const int MaxWebhooks = 32;

    private static readonly ImmutableArray<WebhookEventKind> AllEvents = [.. Enum.GetValues<WebhookEventKind>()];

    private static readonly ConfigurationSection.Parser<WebhookEventKind> Event = Parse.OneOf(
        ("state", WebhookEventKind.State), ("stall", WebhookEventKind.Stall), ("moving", WebhookEventKind.Moving), ("failed", WebhookEventKind.Failed));

    /// <summary>Asks for every key.</summary>
    /// <param name="root">The root.</param>
    /// <param name="secrets">The secrets there are.</param>
    public static ImmutableArray<WebhookSettings> Bind(ConfigurationSection root, ImmutableArray<SecretSetting> secrets)
    {
        var hooks = root.Sections("webhooks", section => BindOne(section, secrets));
        root.Repeated("webhooks", hooks, hook => hook.Name, (name, count) => $"there are {count} webhooks with the name \"{name}\"");
        if (hooks.Count > MaxWebhooks)
        {
            root.Problem("webhooks", $"there are {hooks.Count}; at most {MaxWebhooks} are allowed");
        }

        return [.. hooks];
    }

    private static WebhookSettings BindOne(ConfigurationSection section, ImmutableArray<SecretSetting> secrets)
    {
        var name = section.Required<string>("name", "name", "The webhook's name, in the API and in metrics.", Parse.Name);
        var url = section.Required<Uri>("url", "URL", "Where events are posted, `https://` or `http://`. Redirects are not followed, and no proxy is used. Only scheme, host and port are shown anywhere.", ParseUrl);
        var secret = section.Required<string>("secret", "name", "The name of the secret in `secrets` with which messages are signed: `whsec_` and base64, or a text of 16 characters or more.", Parse.VariableName);
        var events = section.List("events", "`state`, `stall`, `moving` or `failed`", "Which events are posted. An empty list means all: a new state of a record, a machine that is stuck, one that makes progress again, a step of a boot that failed.", Event);
        var hook = new WebhookSettings(name ?? "")
        {
            Url = url ?? new Uri("http://localhost"),
            Secret = secret ?? "",
            Events = events.Count == 0 ? AllEvents : [.. events.Distinct()],
            Selector = section.Optional("selector", "text", "The machines whose events are posted, such as `rack=7,state!=running`.", ParseSelector, Selector.Everything, "all machines"),
            Timeout = section.Optional("timeout", "time", "How long one attempt may take, 100ms to 1m.", Parse.Time("100ms", "1m"), TimeSpan.FromSeconds(10), "10s"),
            Attempts = section.Optional("attempts", "number", "How often a message is sent before it is a dead letter, 1 to 20.", Parse.Number(1, 20), 8, "8"),
            RetryPause = section.Optional("retry_pause", "time", "The pause before the second attempt, 100ms to 10m. Each further pause is four times as long, one hour at most, and up to a fifth shorter or longer.", Parse.Time("100ms", "10m"), TimeSpan.FromSeconds(5), "5s"),
            CaFile = section.Optional<string?>("ca_file", "file", "The CA that signed the receiver's certificate, PEM. Without it, those that this system trusts.", Parse.Text!, null, "none"),
        };
        if (section.IsGiven && secret is not null)
        {
            CheckSecret(section, secret, secrets);
        }

        if (hook.CaFile is { } file && ClosedPath.Advise(file) is { } closed)
        {
            section.Problem("ca_file", closed);
        }
        else if (hook.CaFile is not null && !File.Exists(hook.CaFile))
        {
            section.Problem("ca_file", $"there is no file {hook.CaFile}");
        }

        return hook;
    }

    private static void CheckSecret(ConfigurationSection section, string secret, ImmutableArray<SecretSetting> secrets)
    {
        var setting = secrets.FirstOrDefault(one => one.Name == secret);
        if (setting is null)
        {
            section.Problem("secret", $"there is no secret \"{secret}\" in secrets{Primitives.Suggestion.For(secret, secrets.Select(one => one.Name))}");
        }
        else if (setting.IsPerMachine)
        {
            section.Problem("secret", $"the secret \"{secret}\" has a file for each machine; a webhook needs one that is the same for all");
        }
    }

    private static bool ParseUrl(string text, [MaybeNullWhen(false)] out Uri value, out string problem)
    {
        problem = "is not the URL of a receiver: write http:// or https://, without fragment, user or password";
        return Uri.TryCreate(text, UriKind.Absolute, out value) && text.Length <= MaxUrl && text.All(c => c is > ' ' and <= '~')
            && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps) && value is { Fragment: "", UserInfo: "" };
    }

    private static bool ParseSelector(string text, [MaybeNullWhen(false)] out Selector value, out string problem)
    {
        var isRead = Selector.TryParse(text, out value, out var why);
        problem = $"is not a selector: {why?.TrimEnd('.')}";
        return isRead;
    }
}
