using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Folders;

/// <summary>One change as the history tells it.</summary>
/// <param name="Key">The machine, or the pin.</param>
/// <param name="Who">Who made it.</param>
/// <param name="What">What changed, one line.</param>
/// <param name="Why">The message that came with it.</param>
internal sealed record ChangeNote(string Key, string Who, string What, string? Why)
{
    /// <summary>Who made a change that nobody asked for.</summary>
    public const string Server = "mayu";

    // No serial has a space, so a pin is never taken for a machine.
    public const string PinPrefix = "pin ";

    /// <summary>How the file of the pins is named, when somebody edited it.</summary>
    public const string AllPins = PinPrefix + "*";

    /// <summary>The machine that it concerns; null when nobody knows yet which it will be.</summary>
    public Serial? Serial =>
        Key.StartsWith(PinPrefix, StringComparison.Ordinal)
            ? Key != AllPins && PinKey.TryParse(Key[PinPrefix.Length..], out var pin, out _) && pin.TryGetSerial(out var pinned) ? pinned : null
            : Primitives.Serial.TryParse(Key, out var serial, out _) ? serial : null;

    /// <summary>How a machine is named.</summary>
    public static string KeyOf(Serial serial) => serial.Text;

    /// <summary>How a pin is named.</summary>
    public static string KeyOf(PinKey pin) => PinPrefix + pin.Text;

    /// <summary>Whether a text is what <see cref="KeyOf(Primitives.Serial)"/> or <see cref="KeyOf(PinKey)"/> gave.</summary>
    public static bool IsKey(string text) =>
        text == AllPins
        || (text.StartsWith(PinPrefix, StringComparison.Ordinal)
            ? PinKey.TryParse(text[PinPrefix.Length..], out var pin, out _) && KeyOf(pin) == text
            : !text.Contains(' ', StringComparison.Ordinal) && Primitives.Serial.TryParse(text, out _, out _));
}
