namespace Mayu.Lab;

/// <summary>
/// Something the lab needs is missing or did not happen in time. The message names the thing, says the remedy where
/// there is one, and is fit to be shown to a person as it is.
/// </summary>
public sealed class LabException : Exception
{
    public LabException()
    {
    }

    public LabException(string message)
        : base(message)
    {
    }

    public LabException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
