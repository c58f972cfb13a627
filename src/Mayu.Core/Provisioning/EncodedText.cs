namespace Mayu.Core.Provisioning;

/// <summary>Text that went through an encoder and may stand in the output as it is.</summary>
internal sealed record EncodedText(string Text)
{
    public override string ToString() => Text;
}
