using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Mayu.Client.Contracts;

namespace Mayu.Ctl.Selection;

/// <summary>The options that say which machines are meant, all of them together: <c>--profile core --state installing --tag rack=7</c>.</summary>
internal sealed class MachineSelection
{
    // Of a record, in selectors.
    private static readonly string[] Fields = ["profile", "state", "serial", "enabled"];

    private readonly Option<string?> _selector = new("--selector", "-l") { Description = "Only machines of this selector: rack=7,state!=running", HelpName = "SELECTOR" };
    private readonly Option<string?> _profile = new("--profile") { Description = "Only machines with this profile", HelpName = "NAME" };
    private readonly Option<string?> _state = new("--state") { Description = "Only machines in this state: " + string.Join(", ", MachineStates.All), HelpName = "STATE" };
    private readonly Option<string[]> _tags = new("--tag") { Description = "Only machines with this tag; may be given again", HelpName = "TAG" };

    /// <summary>Makes the options.</summary>
    public MachineSelection()
    {
        _state.AcceptOnlyFromAmong([.. MachineStates.All]);
        foreach (Option option in (Option[])[_profile, _tags])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.FirstOrDefault(token => token.Value.AsSpan().IndexOfAny(',', '|') >= 0 || token.Value.Trim().Length == 0) is { } wrong)
                {
                    result.AddError($"{option.Name} '{wrong.Value}': name one, without a comma or a bar; --selector takes several.");
                }
            });
        }

        _tags.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !IsTag(token.Value)) is { } wrong)
            {
                result.AddError($"--tag '{wrong.Value}' is not NAME=VALUE of a tag; --selector takes NAME!=VALUE, and {string.Join(", ", Fields)}.");
            }
        });
        // The rest is the server's to judge: it knows the states.
        _selector.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value.Split(',').FirstOrDefault(term => !IsTerm(term)) is { } wrong)
            {
                result.AddError($"--selector '{wrong}' is not NAME=VALUE or NAME!=VALUE; commas separate several.");
            }
        });
    }

    private IEnumerable<Option> Options => [_selector, _profile, _state, _tags];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Add(option);
        }
    }

    /// <summary>The profile that is meant, where there is one.</summary>
    public string? Profile(ParseResult parsed) => parsed.GetValue(_profile);

    /// <summary>The selector that says all of it; null where nothing is said.</summary>
    public string? Text(ParseResult parsed) => Join(parsed.GetValue(_selector), parsed.GetValue(_profile), parsed.GetValue(_state), parsed.GetValue(_tags));

    /// <summary>The selector of one machine; none where its serial has what means something else there.</summary>
    public static bool TryName(string serial, [NotNullWhen(true)] out string? selector)
    {
        selector = serial.AsSpan().IndexOfAny(',', '|', '*') < 0 ? $"serial={serial}" : null;
        return selector is not null;
    }

    /// <summary>Whether something is said.</summary>
    public bool IsGiven(CommandResult result) => Options.Any(option => result.GetResult(option) is { Implicit: false });

    // What --selector reads as something else than a tag is none: who wants the machines that have it would get others.
    private static bool IsTag(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign && text[sign - 1] != '!' && !Fields.Contains(text[..sign].Trim(), StringComparer.Ordinal);

    private static bool IsTerm(string text) => text.TrimStart().IndexOf('=', StringComparison.Ordinal) > 0;

    private static string? Join(string? selector, string? profile, string? state, string[]? tags)
    {
        string[] terms =
        [
            .. selector is null ? [] : (string[])[selector],
            .. profile is null ? [] : (string[])[$"profile={profile}"],
            .. state is null ? [] : (string[])[$"state={state}"],
            .. tags ?? [],
        ];
        return terms.Length == 0 ? null : string.Join(',', terms);
    }
}
